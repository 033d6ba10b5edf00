package io.karipap.ansatz;

import io.karipap.environment.Factors;
import io.karipap.operator.Cell;
import java.util.List;
import java.util.Optional;

/**
 * A way to write operators as tensor networks. It names itself, says for which cells it is, offers forms of a cell at its bond dimensions,
 * each with its sites and its predicted loss, and builds those that are chosen. To add one: a class, and its name in the two lists here.
 */
public sealed interface Ansatz
        permits LowRankAnsatz, TiedAnsatz, LayerAnsatz, BlockAnsatz, MatrixProductAnsatz, PepsAnsatz {
    /** Every one there is, in the order in which they are tried. */
    static List<Ansatz> all() {
        return List.of(
                new LowRankAnsatz(),
                new TiedAnsatz(),
                new LayerAnsatz(),
                new BlockAnsatz(),
                new MatrixProductAnsatz(),
                new PepsAnsatz());
    }

    /** Which operators are written together. */
    enum Scope {
        /** Every operator for itself. */
        OPERATOR,
        /** Operators of a block that read the same activation. */
        SAME_INPUT,
        /** Operators of one kind in neighbouring blocks. */
        NEIGHBOURING_BLOCKS
    }

    /** As people write it: {@code low-rank}. */
    String label();

    /** In a few words, for a list of all. */
    String description();

    Scope scope();

    /** Whether it is one of those that {@code auto} chooses from; not what takes hours and loses. */
    boolean automatic();

    /** What stands beside it where it does not apply or does not pay; nothing for operators as they are. */
    default Optional<Ansatz> beside() {
        return Optional.empty();
    }

    /**
     * The forms of a cell, by rising parameters and falling loss; none where it does not fit the cell.
     *
     * @param cell of the kind that {@link #scope} says
     */
    List<Form> forms(Cell cell, Factors factors);
}
