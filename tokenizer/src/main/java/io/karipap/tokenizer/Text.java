package io.karipap.tokenizer;

/**
 * Characters on their way through the pipeline, with the origin of each. While offsets are not asked for, nothing is tracked and
 * both arrays are null.
 *
 * @param chars UTF-16 code units
 * @param starts start in the original text of what each code unit came from, or null while it is the identity
 * @param ends end in the original text of what each code unit came from, or null while it is the identity
 * @param tracked whether origins are kept up to date
 */
@SuppressWarnings("ArrayRecordComponent")
record Text(char[] chars, int[] starts, int[] ends, boolean tracked) {
    static Text of(String text, boolean tracked) {
        return new Text(text.toCharArray(), null, null, tracked);
    }

    int originStart(int index) {
        return starts == null ? index : starts[index];
    }

    int originEnd(int index) {
        return ends == null ? index + 1 : ends[index];
    }

    /** The part [start, end) as a text of its own. */
    Text slice(int start, int end) {
        if (start == 0 && end == chars.length) {
            return this;
        }
        TextBuilder builder = new TextBuilder(end - start, this);
        builder.copy(start, end);
        return builder.build();
    }
}
