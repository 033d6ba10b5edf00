package io.karipap.grammar;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Bytes that no set tells apart.
 *
 * @param classes of every byte its class
 * @param representatives of every class a byte
 */
record ByteClasses(byte[] classes, int[] representatives) {
    /** The coarsest classes that all sets are made of. */
    static ByteClasses of(Collection<ByteSet> sets) {
        int[] classes = new int[256];
        int count = 1;
        for (ByteSet set : sets) {
            Map<Integer, Integer> inside = new HashMap<>();
            Map<Integer, Integer> all = new HashMap<>();
            for (int b = 0; b < 256; b++) {
                all.merge(classes[b], 1, Integer::sum);
                if (set.contains(b)) {
                    inside.merge(classes[b], 1, Integer::sum);
                }
            }
            Map<Integer, Integer> split = new HashMap<>();
            for (Map.Entry<Integer, Integer> each : inside.entrySet()) {
                if (!each.getValue().equals(all.get(each.getKey()))) {
                    split.put(each.getKey(), count++);
                }
            }
            for (int b = 0; b < 256 && !split.isEmpty(); b++) {
                if (set.contains(b)) {
                    classes[b] = split.getOrDefault(classes[b], classes[b]);
                }
            }
        }
        byte[] bytes = new byte[256];
        int[] representatives = new int[count];
        for (int b = 255; b >= 0; b--) {
            bytes[b] = (byte) classes[b];
            representatives[classes[b]] = b;
        }
        return new ByteClasses(bytes, representatives);
    }

    int count() {
        return representatives.length;
    }
}
