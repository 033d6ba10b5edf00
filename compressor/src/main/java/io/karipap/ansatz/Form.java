package io.karipap.ansatz;

import io.karipap.operator.Operator;
import io.karipap.operator.OperatorNetwork;
import java.util.List;
import java.util.function.Supplier;

/** One way to write some operators, before it is decided what its numbers are stored as. */
public sealed interface Form {
    /** What is written. */
    List<Operator> operators();

    /** Ansatz and bonds, for the report. */
    String label();

    /** What is stored. */
    List<StoredMatrix> sites();

    /** What it is expected to lose. */
    PredictedLoss loss();

    /** Stored numbers. */
    default long parameters() {
        return sites().stream().mapToLong(StoredMatrix::elements).sum();
    }

    /** An operator as it is. */
    record Dense(Operator operator) implements Form {
        @Override
        public List<Operator> operators() {
            return List.of(operator);
        }

        @Override
        public String label() {
            return "dense";
        }

        @Override
        public List<StoredMatrix> sites() {
            return List.of(new StoredMatrix(operator, operator.rows(), operator.columns()));
        }

        @Override
        public PredictedLoss loss() {
            return PredictedLoss.NONE;
        }
    }

    /**
     * Operators as networks.
     *
     * @param build makes the networks, one for every operator. Where an operator is to be a sum of networks, this is where it becomes one
     */
    record Networks(
            List<Operator> operators,
            String label,
            List<StoredMatrix> sites,
            PredictedLoss loss,
            Supplier<List<OperatorNetwork>> build)
            implements Form {}
}
