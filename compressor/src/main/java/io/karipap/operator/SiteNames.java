package io.karipap.operator;

/** What the tensors of sites are called. */
public final class SiteNames {
    private SiteNames() {}

    /**
     * A site of one operator.
     *
     * @param number from 0, those that make the output first
     */
    public static String own(String operator, int number) {
        return operator + ".site" + number;
    }

    /** Of a tensor that several operators use. */
    public static String shared(String owner) {
        return owner + ".shared";
    }
}
