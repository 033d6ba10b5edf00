package io.karipap.compress;

import io.karipap.budget.Budget;
import io.karipap.budget.Repertoire;
import io.karipap.code.StoredAs;
import io.karipap.environment.BundledText;
import io.karipap.environment.CalibrationOptions;
import io.karipap.linalg.Algebra;

/** How to compress. Immutable; {@link #toBuilder} makes others. */
public final class CompressionOptions {
    private final Budget budget;
    private final Builder built;

    private CompressionOptions(Builder builder) {
        this.budget = builder.budget;
        this.built = new Builder(builder);
    }

    /** Low rank, the bundled texts, all processors, sensitivities measured, weights of the type that the matrices had. */
    public static Builder within(Budget budget) {
        return new Builder(budget);
    }

    /** A builder that begins with these. */
    public Builder toBuilder() {
        return new Builder(built);
    }

    /** How small. */
    public Budget budget() {
        return budget;
    }

    /** How operators may be written. */
    public Repertoire repertoire() {
        return built.repertoire;
    }

    /** On what text errors are weighed. */
    public CalibrationOptions calibration() {
        return built.calibration;
    }

    /** Text on which perplexity is measured before and after; not part of the calibration text. */
    public String evaluationText() {
        return built.evaluationText;
    }

    /** Most tokens used of the evaluation text. */
    public int maxEvaluationTokens() {
        return built.maxEvaluationTokens;
    }

    /** How operators are stored. A budget in bytes chooses itself among 8 and 4 bits. */
    public StoredAs stored() {
        return built.stored;
    }

    /** Whether it is measured how much the error of each operator costs. */
    public boolean sensitivities() {
        return built.sensitivities;
    }

    /** What computes. */
    public Algebra algebra() {
        return built.algebra;
    }

    /** Whether an existing output is replaced. */
    public boolean overwrite() {
        return built.overwrite;
    }

    /** Makes {@link CompressionOptions}. */
    public static final class Builder {
        private final Budget budget;
        private Repertoire repertoire = Repertoire.named("low-rank");
        private CalibrationOptions calibration = CalibrationOptions.defaults();
        private String evaluationText = BundledText.evaluation();
        private int maxEvaluationTokens = 1 << 14;
        private StoredAs stored = new StoredAs.SourceType();
        private boolean sensitivities = true;
        private Algebra algebra = Algebra.TORCH;
        private boolean overwrite;

        private Builder(Budget budget) {
            this.budget = budget;
        }

        private Builder(Builder from) {
            budget = from.budget;
            repertoire = from.repertoire;
            calibration = from.calibration;
            evaluationText = from.evaluationText;
            maxEvaluationTokens = from.maxEvaluationTokens;
            stored = from.stored;
            sensitivities = from.sensitivities;
            algebra = from.algebra;
            overwrite = from.overwrite;
        }

        /** How operators may be written. */
        public Builder repertoire(Repertoire value) {
            repertoire = value;
            return this;
        }

        /** On what text errors are weighed. */
        public Builder calibration(CalibrationOptions value) {
            calibration = value;
            return this;
        }

        /**
         * On what perplexity is measured before and after.
         *
         * @param maxTokens most tokens used of the text
         */
        public Builder evaluation(String text, int maxTokens) {
            evaluationText = text;
            maxEvaluationTokens = maxTokens;
            return this;
        }

        /** How operators are stored. */
        public Builder stored(StoredAs value) {
            stored = value;
            return this;
        }

        /** Whether it is measured how much the error of each operator costs; takes minutes and pays. */
        public Builder sensitivities(boolean value) {
            sensitivities = value;
            return this;
        }

        /** What computes. */
        public Builder algebra(Algebra value) {
            algebra = value;
            return this;
        }

        /** Whether an existing output is replaced. */
        public Builder overwrite(boolean value) {
            overwrite = value;
            return this;
        }

        public CompressionOptions build() {
            return new CompressionOptions(this);
        }
    }
}
