package io.karipap.code;

import io.karipap.kernels.WeightType;

/** What the numbers of a site or of a matrix are stored as. Codes with tables or trellises of their own come in here. */
public sealed interface StoredAs {
    /** As the matrix was that they come from. */
    record SourceType() implements StoredAs {
        @Override
        public WeightType type(WeightType source) {
            return source;
        }

        @Override
        public String suffix() {
            return "";
        }
    }

    /** In one type, whatever the matrix was. */
    record OneType(WeightType type) implements StoredAs {
        @Override
        public WeightType type(WeightType source) {
            return type;
        }

        @Override
        public String suffix() {
            return " " + type;
        }
    }

    /** @param source type of the matrix that the numbers come from */
    WeightType type(WeightType source);

    /** What is added to a label. */
    String suffix();

    /**
     * Stored bytes, scales included.
     *
     * @param source type of the matrix that the numbers come from
     */
    default long bytes(WeightType source, long rows, long columns) {
        return rows * type(source).rowBytes(columns);
    }

    /** Whether sites are rounded to codes of fewer bits, with feedback. */
    default boolean isRounded() {
        return this instanceof OneType(WeightType type) && type.quantized();
    }
}
