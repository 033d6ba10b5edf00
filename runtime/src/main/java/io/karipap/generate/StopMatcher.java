package io.karipap.generate;

import java.util.List;

/** Lets text through until a stop string appears, holding back only what may be the beginning of one. */
final class StopMatcher {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private final boolean shown;
    private boolean stopped;

    /** @param shown whether the stop string that appears is let through too */
    StopMatcher(List<String> stops, boolean shown) {
        this.stops = List.copyOf(stops);
        this.shown = shown;
    }

    /** The text that can now be shown; once a stop string has appeared, the text before it, and {@link #stopped} holds. */
    String append(String text) {
        held.append(text);
        int stop = -1;
        String found = "";
        for (String candidate : stops) {
            int at = held.indexOf(candidate);
            if (at >= 0 && (stop < 0 || at < stop)) {
                stop = at;
                found = candidate;
            }
        }
        if (stop >= 0) {
            stopped = true;
            return take(stop + (shown ? found.length() : 0));
        }
        return take(held.length() - possibleBeginning());
    }

    /** Whether a stop string has appeared. */
    boolean stopped() {
        return stopped;
    }

    /** What was held back, when no more text comes. */
    String finish() {
        return stopped ? "" : take(held.length());
    }

    private String take(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }

    /** Length of the longest end of the held text that begins a stop string. */
    private int possibleBeginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
