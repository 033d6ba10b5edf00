package io.karipap.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Token spellings by id and ids by spelling. Ids may have gaps. Spellings lie one behind the other in UTF-8 and become strings when they
 * are asked for: a vocabulary of 262 thousand tokens takes 8 MB.
 *
 * <p>Ids are found by open addressing. A hash is a polynomial in the bytes, so that those of all beginnings and ends of a token follow
 * from its own: see {@link MergesByScore}.
 */
final class Vocabulary {
    /** Four times the largest vocabulary in use; a file that names a larger id is damaged or hostile. */
    static final int MAX_ID = 1 << 20;

    private static final long BASE = 0x5851F42D4C957F2DL;

    /** Of a slot: the lower bits hold an id plus one, the others some bits of the hash, so that few tokens are compared in vain. */
    private static final int ID_BITS = 21;

    private static final int ID_MASK = (1 << ID_BITS) - 1;

    private final int size;
    private final byte[] bytes;
    private final int[] starts;
    private final int[] lengths; // −1 where there is no token
    private final int[] slots;
    private final boolean loneSurrogates;

    private Vocabulary(Builder builder) {
        size = builder.size;
        bytes = Arrays.copyOf(builder.bytes, builder.used);
        starts = Arrays.copyOf(builder.starts, size);
        lengths = Arrays.copyOf(builder.lengths, size);
        slots = builder.slots;
        loneSurrogates = builder.loneSurrogates;
    }

    /** @throws TokenizerException if an id is negative, absurdly large or used twice */
    static Vocabulary of(Map<String, Integer> ids) {
        Builder builder = new Builder(ids.size());
        ids.forEach((token, id) -> builder.add(id, token));
        return builder.build();
    }

    /** One more than the largest id. */
    int size() {
        return size;
    }

    /** The id of {@code token}, or −1. */
    int id(String token) {
        byte[] encoded = new byte[token.length() * 3];
        return id(encoded, 0, Utf8.encodeExactly(token, encoded, 0));
    }

    /** The id of the token spelled {@code text[from, to)} in UTF-8, or −1. */
    int id(byte[] text, int from, int to) {
        return id(hash(text, from, to), text, from, to);
    }

    /** As {@link #id(byte[], int, int)}, the hash being known. */
    int id(long hash, byte[] text, int from, int to) {
        int mask = slots.length - 1;
        int tag = tag(hash);
        for (int slot = slot(hash, mask); slots[slot] != 0; slot = slot + 1 & mask) {
            if ((slots[slot] & ~ID_MASK) == tag) {
                int id = (slots[slot] & ID_MASK) - 1;
                if (Arrays.equals(bytes, starts[id], starts[id] + lengths[id], text, from, to)) {
                    return id;
                }
            }
        }
        return -1;
    }

    /** The spelling of {@code id}, or null where there is none. */
    String token(int id) {
        if (!has(id)) {
            return null;
        }
        return loneSurrogates
                ? Utf8.decodeExactly(bytes, starts[id], starts[id] + lengths[id])
                : new String(bytes, starts[id], lengths[id], StandardCharsets.UTF_8);
    }

    /** Whether there is a token of that id. */
    boolean has(int id) {
        return id >= 0 && id < size && lengths[id] >= 0;
    }

    /** All spellings in UTF-8; do not modify. A lone surrogate takes three bytes as any other code unit of its size. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the spelling of {@code id} begins in {@link #bytes()}. */
    int start(int id) {
        return starts[id];
    }

    /** Where it ends. */
    int end(int id) {
        return starts[id] + lengths[id];
    }

    static long hash(byte[] text, int from, int to) {
        long hash = 0;
        for (int i = from; i < to; i++) {
            hash = append(hash, text[i]);
        }
        return hash;
    }

    /** The hash of a text and one byte more. */
    static long append(long hash, byte next) {
        return hash * BASE + next + 129; // not 0: a leading byte must count
    }

    /** {@code power[n]} is what the hash of a text is multiplied with when n bytes follow. */
    static long[] powers(int longest) {
        long[] powers = new long[longest + 1];
        powers[0] = 1;
        for (int n = 1; n <= longest; n++) {
            powers[n] = powers[n - 1] * BASE;
        }
        return powers;
    }

    private static int slot(long hash, int mask) {
        return (int) (mixed(hash) >>> 32) & mask;
    }

    private static int tag(long hash) {
        return (int) mixed(hash) & ~ID_MASK;
    }

    private static long mixed(long hash) {
        long h = (hash ^ hash >>> 32) * 0x9E3779B97F4A7C15L;
        return h ^ h >>> 29;
    }

    /** Collects tokens. */
    static final class Builder {
        private byte[] bytes;
        private int used;
        private int[] starts;
        private int[] lengths;
        private int[] slots;
        private int size;
        private int count;
        private boolean loneSurrogates;

        /** @param expected how many tokens there will be, more or less */
        Builder(int expected) {
            int room = Math.clamp(expected, 16, MAX_ID + 1);
            bytes = new byte[room * 8];
            starts = new int[room];
            lengths = new int[room];
            Arrays.fill(lengths, -1);
            slots = new int[Integer.highestOneBit(room - 1) * 4];
        }

        /**
         * Adds a token.
         *
         * @return whether its spelling is new; otherwise nothing is added
         * @throws TokenizerException if the id is out of range or taken
         */
        boolean add(int id, String token) {
            reserve(token.length() * 3);
            loneSurrogates |= Utf8.hasLoneSurrogate(token);
            return added(id, Utf8.encodeExactly(token, bytes, used));
        }

        /** As {@link #add(int, String)}, for {@code text[from, to)} in UTF-8; what is malformed becomes U+FFFD. */
        boolean add(int id, byte[] text, int from, int to) {
            if (!Utf8.valid(text, from, to)) {
                return add(id, new String(text, from, to - from, StandardCharsets.UTF_8));
            }
            reserve(to - from);
            System.arraycopy(text, from, bytes, used, to - from);
            return added(id, used + to - from);
        }

        Vocabulary build() {
            return new Vocabulary(this);
        }

        /** The token lies in front of {@code end} already. */
        private boolean added(int id, int end) {
            if (id < 0 || id > MAX_ID) {
                throw new TokenizerException(
                        "token \"" + text(used, end) + "\" has id " + id + ", expected 0.." + MAX_ID);
            }
            if (id >= lengths.length) {
                int room = Math.min(MAX_ID + 1, Math.max(id + 1, lengths.length * 2));
                int before = lengths.length;
                starts = Arrays.copyOf(starts, room);
                lengths = Arrays.copyOf(lengths, room);
                Arrays.fill(lengths, before, room, -1);
            }
            if (lengths[id] >= 0) {
                throw new TokenizerException("tokens \"" + text(starts[id], starts[id] + lengths[id]) + "\" and \""
                        + text(used, end) + "\" have the same id " + id);
            }
            int slot = free(used, end);
            if (slot < 0) {
                return false;
            }
            slots[slot] = tag(hash(bytes, used, end)) | id + 1;
            starts[id] = used;
            lengths[id] = end - used;
            used = end;
            size = Math.max(size, id + 1);
            if (++count * 8L > slots.length * 5L) {
                grow();
            }
            return true;
        }

        private String text(int from, int to) {
            return Utf8.decodeExactly(bytes, from, to);
        }

        private void reserve(int more) {
            if (bytes.length - used < more) {
                bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(used, more), (int)
                        Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
            }
        }

        /** The slot for {@code bytes[from, to)}; −1 if that is there already. */
        private int free(int from, int to) {
            long hash = hash(bytes, from, to);
            int mask = slots.length - 1;
            int tag = tag(hash);
            int slot = slot(hash, mask);
            for (; slots[slot] != 0; slot = slot + 1 & mask) {
                if ((slots[slot] & ~ID_MASK) == tag) {
                    int id = (slots[slot] & ID_MASK) - 1;
                    if (Arrays.equals(bytes, starts[id], starts[id] + lengths[id], bytes, from, to)) {
                        return -1;
                    }
                }
            }
            return slot;
        }

        private void grow() {
            int[] old = slots;
            slots = new int[old.length * 2];
            int mask = slots.length - 1;
            for (int taken : old) {
                if (taken != 0) {
                    int id = (taken & ID_MASK) - 1;
                    int slot = slot(hash(bytes, starts[id], starts[id] + lengths[id]), mask);
                    while (slots[slot] != 0) {
                        slot = slot + 1 & mask;
                    }
                    slots[slot] = taken;
                }
            }
        }
    }
}
