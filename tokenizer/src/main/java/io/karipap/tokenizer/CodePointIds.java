package io.karipap.tokenizer;

import java.util.Arrays;

/** The tokens of a vocabulary that are one code point each. Open addressing, no boxing; at most half of the slots are taken. */
final class CodePointIds {
    private static final int MOST_BYTES = 4;

    private final int[] idOfAscii = new int[128];
    private final int[] codePoints;
    private final int[] ids;

    CodePointIds(Vocabulary vocabulary) {
        Arrays.fill(idOfAscii, -1);
        int count = 0;
        for (int id = 0; id < vocabulary.size(); id++) {
            if (codePoint(vocabulary, id) >= 0) {
                count++;
            }
        }
        codePoints = new int[Integer.highestOneBit(Math.max(1, count)) * 4];
        ids = new int[codePoints.length];
        Arrays.fill(codePoints, -1);
        for (int id = 0; id < vocabulary.size(); id++) {
            int codePoint = codePoint(vocabulary, id);
            if (codePoint >= 128) {
                int slot = slot(codePoint);
                codePoints[slot] = codePoint;
                ids[slot] = id;
            } else if (codePoint >= 0) {
                idOfAscii[codePoint] = id;
            }
        }
    }

    /** The code point that a token is, or −1. */
    private static int codePoint(Vocabulary vocabulary, int id) {
        if (!vocabulary.has(id)) {
            return -1;
        }
        int start = vocabulary.start(id);
        int length = vocabulary.end(id) - start;
        if (length == 0 || length > MOST_BYTES) {
            return -1;
        }
        int lead = vocabulary.bytes()[start] & 0xff;
        if (length != (lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4)) {
            return -1;
        }
        return Utf8.decodeExactly(vocabulary.bytes(), start, start + length).codePointAt(0);
    }

    /** The id of the token that is {@code codePoint}, or −1. */
    int get(int codePoint) {
        if (codePoint < 128) {
            return idOfAscii[codePoint];
        }
        int slot = slot(codePoint);
        return codePoints[slot] < 0 ? -1 : ids[slot];
    }

    private int slot(int codePoint) {
        int mask = codePoints.length - 1;
        int slot = codePoint * 0x9E3779B9 >>> 15 & mask;
        while (codePoints[slot] >= 0 && codePoints[slot] != codePoint) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
