package io.karipap.ansatz;

import io.karipap.environment.Factors;
import io.karipap.operator.Operator;

/** An ansatz whose bonds may be lowered by one and one, each form found from the one before, until a monitor says stop. */
public interface BondDescent {
    /** The bond dimension to begin with. */
    int firstBond();

    /** What an operator of bond dimension {@code bond} is called in a sentence. */
    String describe(int bond);

    /** An operator at a bond dimension of at most {@link #firstBond}. */
    Form at(Operator operator, int bond, Factors factors);
}
