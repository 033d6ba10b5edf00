package io.karipap.chat.format;

/** Text that has come and has not been told yet. */
final class HeldText {
    private final StringBuilder text = new StringBuilder();

    void append(String more) {
        text.append(more);
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    char first() {
        return text.charAt(0);
    }

    /** Takes the first {@code length} characters. */
    String take(int length) {
        String taken = text.substring(0, length);
        text.delete(0, length);
        return taken;
    }

    String takeAll() {
        return take(text.length());
    }

    /** Takes white space at the beginning. */
    String takeSpace() {
        int end = 0;
        while (end < text.length() && Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return take(end);
    }

    /** Where {@code mark} begins; −1 if it has not come. */
    int find(String mark) {
        return text.indexOf(mark);
    }

    boolean startsWith(String mark) {
        return text.length() >= mark.length()
                && text.substring(0, mark.length()).equals(mark);
    }

    /** Whether all that is held is the beginning of {@code mark}, and not all of it. */
    boolean mayBecome(String mark) {
        return text.length() < mark.length() && mark.startsWith(text.toString());
    }

    /** Length of what certainly stands before {@code mark}: without white space at the end, and what the mark may begin with. */
    int certain(String mark) {
        int end = text.length();
        for (int length = Math.min(mark.length() - 1, end); length > 0; length--) {
            if (mark.startsWith(text.substring(end - length))) {
                end -= length;
                break;
            }
        }
        while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }
}
