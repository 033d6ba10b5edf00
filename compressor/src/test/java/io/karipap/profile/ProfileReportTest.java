package io.karipap.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.environment.MeasuredOperator;
import io.karipap.linalg.Algebra;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.operator.Metric;
import io.karipap.profile.CutProfile.Cut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileReportTest {
    private final LinearAlgebra algebra = Algebra.EJML.open();

    @TempDir
    private Path directory;

    private static MeasuredOperator operator(int layer, Matrix w) {
        return new MeasuredOperator(
                "model.layers." + layer + ".mlp.up_proj.weight", layer, w, Metric.flat(w.columns()));
    }

    @Test
    void entropiesOfKnownSpectra() {
        CutProfile product = CutProfile.of(operator(0, rank(1)), Cut.PLAIN, algebra);
        assertThat(product.entropy()).isCloseTo(0, Offset.offset(1e-6));
        assertThat(product.bondFor(0.99)).isEqualTo(1);
        CutProfile flat = CutProfile.of(operator(0, Matrix.identity(12)), Cut.WHITENED, algebra);
        assertThat(flat.entropy()).isCloseTo(Math.log(12), Offset.offset(1e-9));
        assertThat(flat.relativeEntropy()).isCloseTo(1, Offset.offset(1e-9));
        assertThat(flat.bondFor(0.99)).isEqualTo(12);
    }

    private Matrix rank(int rank) {
        Random random = new Random(rank);
        return algebra.multiply(Matrix.gaussian(12, rank, random), Matrix.gaussian(rank, 12, random));
    }

    @Test
    void deeperBlocksOfLowerRankAreSeenAndDrawn() throws IOException {
        List<CutProfile> cuts = new ArrayList<>();
        for (int layer = 0; layer < 4; layer++) {
            for (Cut cut : Cut.values()) {
                cuts.add(CutProfile.of(operator(layer, rank(8 - 2 * layer)), cut, algebra));
            }
        }
        ProfileReport report = new ProfileReport(cuts);
        assertThat(report.depthCorrelation(Cut.PLAIN)).isEqualTo(-1);
        report.write(directory);
        for (String name :
                new String[] {"profile.json", "entropies.svg", "entropies.png", "spectra.svg", "spectra.png"}) {
            assertThat(Files.size(directory.resolve(name))).as(name).isGreaterThan(1000);
        }
    }
}
