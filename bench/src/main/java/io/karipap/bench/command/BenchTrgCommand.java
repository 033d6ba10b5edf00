package io.karipap.bench.command;

import io.karipap.bench.LatticeStudy;
import io.karipap.bench.LatticeStudy.Outcome;
import io.karipap.cli.compress.CalibrationOption;
import io.karipap.cli.option.Home;
import io.karipap.cli.option.ModelLocation;
import io.karipap.cli.option.ProgressDisplay;
import io.karipap.environment.CalibratedModel;
import io.karipap.environment.MeasuredOperator;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.trg.Hotrg;
import io.karipap.trg.LatticeModel;
import io.karipap.trg.LevinNave;
import io.karipap.trg.Renormalization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Renormalization on physics and on weights. */
@Command(
        name = "trg",
        mixinStandardHelpOptions = true,
        description = {
            "Prints two Markdown tables: the relative error of TRG and HOTRG on models that are solved exactly, by χ; and what",
            "TRG does on a 4×4 lattice for eight matrices of a model, against local SVDs, ALS and a direct factorisation."
        })
final class BenchTrgCommand implements Callable<Integer> {
    private static final int STEPS = 44;

    @Option(
            names = "--chi",
            split = ",",
            paramLabel = "N",
            defaultValue = "4,8,16,24",
            description = "Bond dimensions for the physics. Default: ${DEFAULT-VALUE}.")
    private List<Integer> chis;

    @Option(
            names = "--bond",
            paramLabel = "D",
            defaultValue = "4",
            description = "Bond dimension of the fine lattice. Default: ${DEFAULT-VALUE}.")
    private int bond;

    @Option(names = "--model", paramLabel = ModelLocation.LABEL, description = "Dense model. Default: the bundled one.")
    private ModelLocation model;

    @Option(names = "--no-physics", description = "Only weights.")
    private boolean noPhysics;

    @Option(names = "--no-weights", description = "Only physics.")
    private boolean noWeights;

    @Mixin
    private CalibrationOption calibration;

    @Override
    public Integer call() throws Exception {
        LinearAlgebra algebra = calibration.algebra().open();
        if (!noPhysics) {
            physics(algebra);
        }
        if (!noWeights) {
            weights(algebra);
        }
        return 0;
    }

    private void physics(LinearAlgebra algebra) {
        List<LatticeModel> models = List.of(
                LatticeModel.ising(2),
                LatticeModel.ising(LatticeModel.ISING_CRITICAL),
                LatticeModel.ising(3),
                LatticeModel.squareIce(),
                LatticeModel.dimers());
        StringBuilder head = new StringBuilder("| χ | method ");
        models.forEach(each -> head.append("| ").append(each.name()).append(' '));
        System.out.println(head + "| s |");
        System.out.println("|---".repeat(models.size() + 3) + "|");
        for (int chi : chis) {
            for (Renormalization method : List.of(new LevinNave(chi, algebra), new Hotrg(chi, algebra))) {
                long start = System.nanoTime();
                StringBuilder row = new StringBuilder("| " + chi + " | " + method.name() + " ");
                for (LatticeModel each : models) {
                    double found = method.contract(each.site(), STEPS).logPartition();
                    row.append(String.format(Locale.ROOT, "| %.1e ", Math.abs(found - each.exact()) / each.exact()));
                }
                System.out.printf(Locale.ROOT, "%s| %.1f |%n", row, (System.nanoTime() - start) / 1e9);
            }
        }
        System.out.println();
    }

    private void weights(LinearAlgebra algebra) throws IOException {
        List<MeasuredOperator> operators = new ArrayList<>();
        try (ProgressDisplay progress = new ProgressDisplay()) {
            CalibratedModel.measure(
                    model == null ? Home.denseModel() : model.path(), calibration.options(0), progress, operator -> {
                        boolean middle = operator.name().contains(".layers.3.");
                        boolean last = operator.name().contains(".layers.7.")
                                && operator.name().contains("q_proj");
                        if (middle || last) {
                            operators.add(operator);
                        }
                    });
        }
        Map<String, List<Outcome>> table = new LinkedHashMap<>();
        for (MeasuredOperator operator : operators) {
            new LatticeStudy(algebra, bond).study(operator).forEach((label, outcome) -> table.computeIfAbsent(
                            label, l -> new ArrayList<>())
                    .add(outcome));
        }
        StringBuilder head = new StringBuilder("| 4×4 lattice ");
        operators.forEach(operator -> head.append("| ")
                .append(operator.name().replaceAll("model\\.layers\\.|self_attn\\.|mlp\\.|_proj\\.weight", ""))
                .append(' '));
        System.out.println(head + "| mean | s |");
        System.out.println("|---".repeat(operators.size() + 3) + "|");
        table.forEach((label, outcomes) -> {
            StringBuilder row = new StringBuilder("| " + label + " ");
            outcomes.forEach(outcome -> row.append(String.format(Locale.ROOT, "| %.3f ", outcome.error())));
            System.out.printf(
                    Locale.ROOT,
                    "%s| %.3f | %.1f |%n",
                    row,
                    outcomes.stream().mapToDouble(Outcome::error).average().orElse(0),
                    outcomes.stream().mapToDouble(Outcome::seconds).sum());
        });
    }
}
