package io.karipap.tokenizer;

import java.util.Arrays;

/**
 * The symbols of one piece while they are merged: token ids with widths (in bytes or code units, whatever the model counts).
 * Always the merge of the lowest rank is done next, of equal ranks the leftmost, as BPE is defined.
 */
final class Symbols {
    /** Up to this many symbols a scan for the best pair beats a heap: the pairs stay in L1 and nothing is allocated. */
    private static final int SCAN_LIMIT = 48;

    private int[] ids = new int[64];
    private int[] widths = new int[64];
    private long[] pairs = new long[SCAN_LIMIT];
    private int count;

    void clear() {
        count = 0;
    }

    void add(int id, int width) {
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, count * 2);
            widths = Arrays.copyOf(widths, count * 2);
        }
        ids[count] = id;
        widths[count++] = width;
    }

    /** Makes the last symbol {@code width} wider. */
    void widenLast(int width) {
        widths[count - 1] += width;
    }

    int[] ids() {
        return Arrays.copyOf(ids, count);
    }

    int[] widths() {
        return Arrays.copyOf(widths, count);
    }

    void merge(MergeTable merges) {
        if (count <= SCAN_LIMIT) {
            mergeByScan(merges);
        } else {
            mergeByHeap(merges);
        }
    }

    private void mergeByScan(MergeTable merges) {
        for (int i = 0; i + 1 < count; i++) {
            pairs[i] = merges.find(ids[i], ids[i + 1]);
        }
        while (count > 1) {
            int best = 0;
            for (int i = 1; i + 1 < count; i++) {
                // Ranks decide, not the merged ids in the lower half; a strict comparison keeps the leftmost.
                if (pairs[i] >> 32 < pairs[best] >> 32) {
                    best = i;
                }
            }
            if (pairs[best] == MergeTable.NONE) {
                return;
            }
            ids[best] = MergeTable.mergedId(pairs[best]);
            widths[best] += widths[best + 1];
            int moved = count - best - 2;
            System.arraycopy(ids, best + 2, ids, best + 1, moved);
            System.arraycopy(widths, best + 2, widths, best + 1, moved);
            System.arraycopy(pairs, best + 2, pairs, best + 1, Math.max(0, moved - 1));
            count--;
            if (best > 0) {
                pairs[best - 1] = merges.find(ids[best - 1], ids[best]);
            }
            if (best + 1 < count) {
                pairs[best] = merges.find(ids[best], ids[best + 1]);
            }
        }
    }

    private void mergeByHeap(MergeTable merges) {
        int n = count;
        int[] next = new int[n];
        int[] previous = new int[n];
        long[] pair = new long[n];
        LongHeap heap = new LongHeap(n + n / 2);
        for (int i = 0; i < n; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
            pair[i] = i + 1 < n ? merges.find(ids[i], ids[i + 1]) : MergeTable.NONE;
            push(heap, pair[i], i);
        }
        while (!heap.isEmpty()) {
            long top = heap.pop();
            int i = (int) top;
            if (pair[i] == MergeTable.NONE || pair[i] >> 32 != top >> 32) {
                continue; // an older pair that stood here
            }
            int right = next[i];
            ids[i] = MergeTable.mergedId(pair[i]);
            widths[i] += widths[right];
            pair[right] = MergeTable.NONE;
            widths[right] = -1;
            next[i] = next[right];
            if (next[i] < n) {
                previous[next[i]] = i;
                pair[i] = merges.find(ids[i], ids[next[i]]);
                push(heap, pair[i], i);
            } else {
                pair[i] = MergeTable.NONE;
            }
            int left = previous[i];
            if (left >= 0) {
                pair[left] = merges.find(ids[left], ids[i]);
                push(heap, pair[left], left);
            }
        }
        int kept = 0;
        for (int i = 0; i < n; i++) {
            if (widths[i] >= 0) {
                ids[kept] = ids[i];
                widths[kept++] = widths[i];
            }
        }
        count = kept;
    }

    private static void push(LongHeap heap, long pair, int position) {
        if (pair != MergeTable.NONE) {
            heap.push(pair >> 32 << 32 | position);
        }
    }
}
