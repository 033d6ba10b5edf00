package io.karipap.budget;

import java.util.function.ToLongFunction;

/** What a budget counts. Multiply-adds a token would be another. */
public enum CostUnit {
    PARAMETERS("parameters", Option::parameters),
    BYTES("bytes", Option::bytes);

    private final String label;
    private final ToLongFunction<Option> cost;

    CostUnit(String label, ToLongFunction<Option> cost) {
        this.label = label;
        this.cost = cost;
    }

    /** In the plural, as in a sentence. */
    public String label() {
        return label;
    }

    /** Of an option. */
    public long of(Option option) {
        return cost.applyAsLong(option);
    }
}
