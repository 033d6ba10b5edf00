package io.karipap.tokenizer;

/** Turns the characters of a piece into the symbols that merging starts from. */
sealed interface SymbolSource {
    /** Adds the symbols of {@code chars[start, end)}; their widths count {@linkplain #byteWidths() bytes or code units}. */
    void read(char[] chars, int start, int end, Symbols symbols);

    /** Whether a symbol's width counts UTF-8 bytes; otherwise it counts UTF-16 code units. */
    boolean byteWidths();

    /**
     * Byte-level BPE: one symbol for each UTF-8 byte.
     *
     * @param idOfByte token id of each byte, −1 where the vocabulary lacks it
     * @param unknownId stands for missing bytes; −1 drops them
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(int[] idOfByte, int unknownId) implements SymbolSource {
        @Override
        public void read(char[] chars, int start, int end, Symbols symbols) {
            byte[] bytes = new byte[(end - start) * 3];
            int count = Utf8.encode(chars, start, end, bytes);
            for (int i = 0; i < count; i++) {
                int id = idOfByte[bytes[i] & 0xff];
                if (id < 0) {
                    id = unknownId;
                }
                if (id >= 0) {
                    symbols.add(id, 1);
                }
            }
        }

        @Override
        public boolean byteWidths() {
            return true;
        }
    }

    /** One symbol for each code point; what the vocabulary lacks becomes byte tokens, the unknown token, or nothing. */
    final class CodePoints implements SymbolSource {
        private final CodePointIds ids;
        private final int[] byteIds;
        private final int unknownId;
        private final boolean fuseUnknown;

        /**
         * @param vocabulary where single characters are looked up
         * @param byteIds ids of the 256 byte tokens, or null without byte fallback
         * @param unknownId id of the unknown token, or −1
         * @param fuseUnknown whether neighbouring unknown characters become one unknown token
         */
        CodePoints(Vocabulary vocabulary, int[] byteIds, int unknownId, boolean fuseUnknown) {
            ids = new CodePointIds(vocabulary);
            this.byteIds = byteIds == null ? null : byteIds.clone();
            this.unknownId = unknownId;
            this.fuseUnknown = fuseUnknown;
        }

        @Override
        public void read(char[] chars, int start, int end, Symbols symbols) {
            boolean afterUnknown = false;
            for (int i = start; i < end; ) {
                int codePoint = Character.codePointAt(chars, i, end);
                int width = Character.charCount(codePoint);
                codePoint = Utf8.replaceSurrogate(codePoint);
                i += width;
                int id = ids.get(codePoint);
                if (id >= 0) {
                    symbols.add(id, width);
                    afterUnknown = false;
                } else if (byteIds != null) {
                    // The first byte token carries the width, so that the widths of a piece still add up.
                    int rest = width;
                    for (byte b : Utf8.encode(codePoint)) {
                        symbols.add(byteIds[b & 0xff], rest);
                        rest = 0;
                    }
                    afterUnknown = false;
                } else if (unknownId >= 0) {
                    if (fuseUnknown && afterUnknown) {
                        symbols.widenLast(width);
                    } else {
                        symbols.add(unknownId, width);
                    }
                    afterUnknown = true;
                }
            }
        }

        @Override
        public boolean byteWidths() {
            return false;
        }
    }
}
