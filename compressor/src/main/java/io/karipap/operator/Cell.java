package io.karipap.operator;

import java.util.List;

/**
 * Operators that may share sites: those of a block that read the same activation (q, k and v; gate and up), or those of one kind in
 * neighbouring blocks.
 *
 * @param members in the order of the model
 * @param sharedName what a tensor that all of them use is called, or what its name begins with
 */
public record Cell(List<Operator> members, String sharedName) {
    public Cell {
        members = List.copyOf(members);
    }

    /** An operator alone. */
    public static Cell of(Operator operator) {
        return new Cell(List.of(operator), operator.name());
    }

    /** Operators of one kind in neighbouring blocks. */
    public static Cell acrossBlocks(List<Operator> members) {
        return new Cell(members, SiteNames.shared(members.getFirst().name()));
    }

    /** The first member. */
    public Operator first() {
        return members.getFirst();
    }

    /** Names of the members. */
    public List<String> names() {
        return members.stream().map(Operator::name).toList();
    }
}
