package io.karipap.grammar;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The slices that were used last, up to a number of bytes. Thread-safe. */
final class SliceCache {
    private static final long MAX_BYTES = 24L << 20;

    private final Map<Key, Slice> known = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** A state of an automaton, or of one whose elements are counted up to the closing text. */
    record Key(Dfa dfa, ByteSet closing, int state) {}

    Slice get(Key key, Supplier<Slice> make) {
        synchronized (this) {
            Slice slice = known.get(key);
            if (slice != null) {
                return slice;
            }
        }
        Slice made = make.get(); // outside of the lock: two may make the same
        synchronized (this) {
            if (known.put(key, made) == null) {
                bytes += cost(key, made);
            }
            var oldest = known.entrySet().iterator();
            while (bytes > MAX_BYTES && oldest.hasNext()) {
                Map.Entry<Key, Slice> entry = oldest.next();
                bytes -= cost(entry.getKey(), entry.getValue());
                oldest.remove();
            }
        }
        return made;
    }

    /** An automaton may be kept alive by this alone. */
    private static long cost(Key key, Slice slice) {
        return slice.size() + key.dfa().size();
    }

    synchronized long bytes() {
        return bytes;
    }
}
