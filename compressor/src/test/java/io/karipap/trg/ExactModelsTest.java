package io.karipap.trg;

import static org.assertj.core.api.Assertions.assertThat;

import io.karipap.linalg.Algebra;
import io.karipap.linalg.LinearAlgebra;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Renormalization against models that are solved exactly. */
class ExactModelsTest {
    private static final int STEPS = 36;
    private final LinearAlgebra algebra = Algebra.TORCH.open();

    private static double relativeError(LatticeModel model, Renormalization renormalization) {
        double found = renormalization.contract(model.site(), STEPS).logPartition();
        return Math.abs(found - model.exact()) / model.exact();
    }

    private static double temperature(String name) {
        return name.equals("Tc") ? LatticeModel.ISING_CRITICAL : Double.parseDouble(name);
    }

    @Test
    void onsagersIntegralAtTheCriticalPointIsKnownInClosedForm() {
        assertThat(LatticeModel.ising(LatticeModel.ISING_CRITICAL).exact())
                .isCloseTo(Math.log(2) / 2 + 2 * 0.915965594177219 / Math.PI, Offset.offset(1e-12));
    }

    /** The bounds are what a plain TRG is known to reach at χ = 16 and 24. */
    @ParameterizedTest
    @CsvSource({"2.0,16,7e-7", "Tc,16,5e-6", "3.0,16,6e-8", "Tc,24,1.2e-6"})
    void isingByTrg(String temperature, int chi, double bound) {
        LatticeModel model = LatticeModel.ising(temperature(temperature));
        assertThat(relativeError(model, new LevinNave(chi, algebra))).isLessThan(bound);
    }

    @ParameterizedTest
    @CsvSource({"2.0", "Tc", "3.0"})
    void hotrgIsBetterThanTrgAndBothImproveWithChi(String temperature) {
        LatticeModel model = LatticeModel.ising(temperature(temperature));
        double trg8 = relativeError(model, new LevinNave(8, algebra));
        double trg16 = relativeError(model, new LevinNave(16, algebra));
        double hotrg8 = relativeError(model, new Hotrg(8, algebra));
        double hotrg16 = relativeError(model, new Hotrg(16, algebra));
        assertThat(trg16).isLessThan(trg8);
        assertThat(hotrg16).isLessThan(hotrg8).isLessThan(trg16);
    }

    @Test
    void residualEntropies() {
        for (LatticeModel model : new LatticeModel[] {LatticeModel.squareIce(), LatticeModel.dimers()}) {
            double at16 = relativeError(model, new LevinNave(16, algebra));
            assertThat(at16).as(model.name()).isLessThan(1e-3);
            assertThat(relativeError(model, new LevinNave(8, algebra)))
                    .as(model.name())
                    .isGreaterThan(at16);
        }
    }

    @Test
    void ejmlAgrees() {
        LatticeModel model = LatticeModel.ising(2.0);
        double torch = new LevinNave(8, algebra).contract(model.site(), STEPS).logPartition();
        double ejml = new LevinNave(8, Algebra.EJML.open())
                .contract(model.site(), STEPS)
                .logPartition();
        assertThat(ejml).isCloseTo(torch, Offset.offset(1e-9));
    }
}
