package io.karipap.compress;

import io.karipap.ansatz.AlternatingLeastSquares;
import io.karipap.ansatz.BlockLattice;
import io.karipap.ansatz.Bonds;
import io.karipap.ansatz.Digits;
import io.karipap.ansatz.LatticeRenormalization;
import io.karipap.ansatz.LayerLattice;
import io.karipap.ansatz.LowRank;
import io.karipap.ansatz.MatrixProduct;
import io.karipap.ansatz.Metric;
import io.karipap.ansatz.OperatorNetwork;
import io.karipap.ansatz.PepsOperator;
import io.karipap.ansatz.TiedCell;
import io.karipap.compress.Choice.AllOf;
import io.karipap.compress.Choice.Family;
import io.karipap.compress.Choice.OneOf;
import io.karipap.compress.Choice.Option;
import io.karipap.kernels.WeightType;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * The alternatives for the cells of a model with their error-versus-cost curves. An error is weighed by the operator's sensitivity, so that
 * losses of different operators may be added.
 */
final class Cells {
    /** Bonds of block and layer lattices are tried at these shares of the dense parameters. */
    private static final double[] SHARES = {0.05, 0.1, 0.15, 0.2, 0.26, 0.33, 0.42, 0.52, 0.64, 0.8};

    private static final int TIED_STEPS = 40;
    private static final int SWEEPS = 3;
    private static final int GRID = 4;
    private static final int PEPS_STEPS = 2;

    /** Larger sites take seconds each to solve for: they are swept over once, without steps before. */
    private static final int LARGE_PEPS_BOND = 10;

    private final WorkFiles files;
    private final LinearAlgebra algebra;
    private final List<WeightType> types;
    private final boolean measured;

    /**
     * @param types how tensors may be stored; null stands for as the matrix was
     * @param measured whether curves of block and layer lattices are computed; otherwise only their sites, on demand
     */
    Cells(WorkFiles files, LinearAlgebra algebra, List<WeightType> types, boolean measured) {
        this.files = files;
        this.algebra = algebra;
        this.types = types;
        this.measured = measured;
    }

    LowRank lowRank(Operator operator) {
        return files.lowRank(
                operator.fileName("low-rank"),
                operator.rows(),
                operator.columns(),
                () -> weighted(operator, operator.metric()));
    }

    /** The low rank in which rows count by their weights too. */
    private LowRank weighted(Operator operator, Metric metric) {
        Matrix w = operator.weights();
        if (operator.rowWeights() == null) {
            return LowRank.of(w, metric, algebra);
        }
        double[] roots = new double[w.rows()];
        double[] inverse = new double[w.rows()];
        for (int row = 0; row < roots.length; row++) {
            roots[row] = Math.sqrt(operator.rowWeights()[row]);
            inverse[row] = 1 / roots[row];
        }
        LowRank scaled = LowRank.of(w.scaleRows(roots), metric, algebra);
        return new LowRank(scaled.left().scaleRows(inverse), scaled.right(), scaled.energies());
    }

    private static long bytes(WeightType type, Operator like, long rows, long columns) {
        return rows * (type == null ? like.type() : type).rowBytes(columns);
    }

    /** The loss that storing all weights of an operator as codes is expected to cost: its relative error, by type. */
    private double roundingError(Operator operator, WeightType type) {
        if (type == null || !type.quantized()) {
            return 0;
        }
        return files.get(operator.fileName("rounding-" + type), () -> {
            Matrix w = operator.weights();
            Matrix rounded = new Matrix(w.rows(), w.columns(), SiteRounding.rounded(w.data(), w.columns(), type));
            return new double[] {operator.metric().error(w, rounded, algebra)};
        })[0];
    }

    private Option option(
            List<Operator> operators,
            String label,
            long parameters,
            long bytes,
            double error,
            double loss,
            WeightType type,
            Supplier<List<OperatorNetwork>> build) {
        double rounding = 0;
        for (Operator operator : operators) {
            rounding += operator.sensitivity() * roundingError(operator, type) * (build == null ? 1 : 2);
        }
        return new Option(
                operators.stream().map(Operator::name).toList(),
                type == null ? label : label + " " + type,
                parameters,
                bytes,
                error,
                loss + rounding,
                type,
                build);
    }

    /** The matrix as it is. */
    Family dense(Operator operator) {
        List<Option> options = new ArrayList<>();
        for (WeightType type : types) {
            options.add(option(
                    List.of(operator),
                    "dense",
                    operator.parameters(),
                    bytes(type, operator, operator.rows(), operator.columns()),
                    0,
                    0,
                    type,
                    null));
        }
        return new Family(options);
    }

    /** Two sites at every rank that saves something; or the SVD that knows nothing of the inputs. */
    Family lowRankFamily(Operator operator, boolean plain) {
        double[] errors = files.get(
                operator.fileName(plain ? "plain-errors" : "errors"),
                () -> (plain ? plain(operator) : lowRank(operator)).errors());
        long m = operator.rows();
        long n = operator.columns();
        List<Option> options = new ArrayList<>();
        for (int rank = 1; rank < errors.length && rank * (m + n) < m * n; rank++) {
            for (WeightType type : types) {
                int bond = rank;
                options.add(option(
                        List.of(operator),
                        "low-rank " + rank,
                        rank * (m + n),
                        bytes(type, operator, m, rank) + bytes(type, operator, rank, n),
                        errors[rank],
                        operator.sensitivity() * errors[rank],
                        type,
                        () -> List.of((plain ? plain(operator) : lowRank(operator)).network(operator.name(), bond))));
            }
        }
        options.addAll(dense(operator).options());
        return new Family(options);
    }

    private LowRank plain(Operator operator) {
        return files.lowRank(
                operator.fileName("plain-svd"),
                operator.rows(),
                operator.columns(),
                () -> LowRank.of(operator.weights(), Metric.flat(operator.columns()), algebra));
    }

    /** Two sites at full rank: larger than the matrix, and exact. */
    Option fullRank(Operator operator) {
        int rank = Math.min(operator.rows(), operator.columns());
        return option(
                List.of(operator),
                "low-rank " + rank,
                (long) rank * (operator.rows() + operator.columns()),
                bytes(types.getFirst(), operator, operator.rows(), rank)
                        + bytes(types.getFirst(), operator, rank, operator.columns()),
                0,
                0,
                types.getFirst(),
                () -> List.of(lowRank(operator).network(operator.name(), rank)));
    }

    /** Operators that read the same, over one shared site. */
    Family tied(List<Operator> operators, String shared) {
        double[] factors = lossFactors(operators);
        TiedCell cell = tiedCell(operators, factors);
        int n = cell.columns();
        double[] energies = cell.energies();
        double dropped = 0;
        double[] tail = new double[energies.length + 1];
        for (int k = energies.length - 1; k >= 0; k--) {
            dropped += energies[k];
            tail[k] = dropped;
        }
        int m = operators.stream().mapToInt(Operator::rows).sum();
        long denseParameters = (long) m * n;
        List<Option> options = new ArrayList<>();
        int step = Math.max(1, energies.length / TIED_STEPS);
        for (int s = step; s <= energies.length; s += step) {
            double margin = energies[s - 1] / (m + n); // loss per parameter of the last shared bond
            for (double price : new double[] {0, margin / 2, margin, 2 * margin}) {
                int[] ranks = new int[operators.size()];
                long parameters = (long) s * n;
                double loss = tail[s];
                for (int g = 0; g < ranks.length; g++) {
                    double[] values = cell.memberValues(g, s);
                    int rows = cell.rows(g);
                    int rank = values.length;
                    double cut = 0;
                    while (price > 0 && rank > 1 && values[rank - 1] * values[rank - 1] < price * (rows + s)) {
                        rank--;
                        cut += values[rank] * values[rank];
                    }
                    boolean useful = (long) rank * (rows + s) < (long) rows * s;
                    ranks[g] = useful ? rank : 0;
                    parameters += useful ? (long) rank * (rows + s) : (long) rows * s;
                    loss += useful ? cut : 0;
                }
                boolean cutSomewhere = Arrays.stream(ranks).anyMatch(r -> r > 0);
                if (parameters >= denseParameters || price > 0 && !cutSomewhere) {
                    continue;
                }
                int bond = s;
                for (WeightType type : types) {
                    long bytes = bytes(type, operators.getFirst(), s, n);
                    for (int g = 0; g < ranks.length; g++) {
                        Operator member = operators.get(g);
                        bytes += ranks[g] == 0
                                ? bytes(type, member, member.rows(), s)
                                : bytes(type, member, member.rows(), ranks[g]) + bytes(type, member, ranks[g], s);
                    }
                    options.add(option(
                            operators,
                            "tied " + s + (cutSomewhere ? " " + Arrays.toString(ranks) : ""),
                            parameters,
                            bytes,
                            loss / sum(operators),
                            loss,
                            type,
                            () -> unscaled(
                                    tiedCell(operators, factors).networks(shared, bond, ranks), operators, factors)));
                }
            }
        }
        return new Family(options);
    }

    private static double sum(List<Operator> operators) {
        return Math.max(
                Double.MIN_NORMAL,
                operators.stream().mapToDouble(Operator::sensitivity).sum());
    }

    /** By what matrices are multiplied so that squared errors in their metrics are losses. */
    private double[] lossFactors(List<Operator> operators) {
        double[] factors = new double[operators.size()];
        for (int g = 0; g < factors.length; g++) {
            Operator operator = operators.get(g);
            double energy = files.get(operator.fileName("energy"), () ->
                    new double[] {operator.metric().energy(operator.weights(), algebra)})[0];
            factors[g] = Math.sqrt(Math.max(1e-9, operator.sensitivity()) / Math.max(energy, Double.MIN_NORMAL));
        }
        return factors;
    }

    private static Matrix scaled(Matrix w, double factor) {
        double[] data = new double[w.data().length];
        for (int i = 0; i < data.length; i++) {
            data[i] = factor * w.data()[i];
        }
        return new Matrix(w.rows(), w.columns(), data);
    }

    private TiedCell tiedCell(List<Operator> operators, double[] factors) {
        List<Matrix> weights = new ArrayList<>();
        for (int g = 0; g < factors.length; g++) {
            weights.add(scaled(operators.get(g).weights(), factors[g]));
        }
        return TiedCell.of(
                operators.stream().map(Operator::name).toList(),
                weights,
                operators.getFirst().metric(),
                algebra);
    }

    /** Undoes the scaling at the operators' own first or middle site. */
    private static List<OperatorNetwork> unscaled(
            List<OperatorNetwork> networks, List<Operator> operators, double[] factors) {
        List<OperatorNetwork> unscaled = new ArrayList<>();
        for (int g = 0; g < factors.length; g++) {
            OperatorNetwork network = networks.get(g);
            String name = operators.get(g).name();
            String own = network.tensors().containsKey(name + ".site0") ? name + ".site0" : name + ".site1";
            double[] data = network.tensors().get(own).clone();
            for (int i = 0; i < data.length; i++) {
                data[i] /= factors[g];
            }
            unscaled.add(network.with(own, data));
        }
        return unscaled;
    }

    /** Operators of one kind in neighbouring blocks, over shared bases. */
    Family layers(List<Operator> operators, String shared) {
        int m = operators.getFirst().rows();
        int n = operators.getFirst().columns();
        int c = operators.size();
        double[] factors = lossFactors(operators);
        LayerLattice.Bases[] made = new LayerLattice.Bases[1];
        Supplier<LayerLattice.Bases> bases = () ->
                made[0] == null ? made[0] = bases(operators, factors) : made[0]; // not where all curves are stored
        List<Option> options = new ArrayList<>();
        int lastR = 0;
        for (double share : SHARES) {
            int[] bonds = layerBonds(m, n, c, share);
            int r = bonds[0];
            int s = bonds[1];
            long parameters = LayerLattice.parameters(m, n, c, r, s);
            if (r < 1 || r == lastR || parameters >= (long) c * m * n) {
                continue;
            }
            lastR = r;
            double loss = measured
                    ? files.get(operators.getFirst().fileName("layer-" + r + "-" + s + "-" + key(factors)), () ->
                            new double[] {lattice(bases.get(), r, s).error() * sum(operators)})[0]
                    : Math.pow(1 - share, 2);
            for (WeightType type : types) {
                Operator like = operators.getFirst();
                options.add(option(
                        operators,
                        "layer " + r + "×" + s,
                        parameters,
                        bytes(type, like, m, r) + c * bytes(type, like, r, s) + bytes(type, like, s, n),
                        loss / sum(operators),
                        loss,
                        type,
                        () -> unscaled(
                                lattice(bases(operators, factors), r, s)
                                        .networks(
                                                operators.stream()
                                                        .map(Operator::name)
                                                        .toList(),
                                                shared),
                                operators,
                                factors)));
            }
        }
        return new Family(options);
    }

    /** Bonds in proportion to the sides of the matrix, together with about {@code share} of the dense parameters. */
    private static int[] layerBonds(int m, int n, int c, double share) {
        int full = Math.min(m, n);
        double low = 0;
        double high = 1;
        for (int i = 0; i < 40; i++) {
            double t = (low + high) / 2;
            if (t * full * (m + n) + c * t * t * full * full > share * c * m * n) {
                high = t;
            } else {
                low = t;
            }
        }
        int bond = (int) Math.round(low * full);
        return new int[] {bond, bond};
    }

    private static String key(double[] factors) {
        return Integer.toHexString(Arrays.hashCode(factors));
    }

    private LayerLattice.Bases bases(List<Operator> operators, double[] factors) {
        List<Matrix> weights = new ArrayList<>();
        for (int g = 0; g < factors.length; g++) {
            weights.add(scaled(operators.get(g).weights(), factors[g]));
        }
        return LayerLattice.Bases.of(
                weights, operators.stream().map(Operator::metric).toList(), algebra);
    }

    private LayerLattice lattice(LayerLattice.Bases bases, int r, int s) {
        LayerLattice lattice = new LayerLattice(bases, r, s, algebra);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            lattice.sweep();
        }
        return lattice;
    }

    /** A grid of blocks over shared bases. */
    Family blocks(Operator operator) {
        int m = operator.rows();
        int n = operator.columns();
        int grid = GRID;
        while (m % grid != 0 || n % grid != 0) {
            grid--;
        }
        List<Option> options = new ArrayList<>();
        int lastRank = 0;
        for (double share : SHARES) {
            int rank = (int) Math.round(share * m * n / (m + n + grid * grid));
            if (rank < 1 || rank == lastRank || grid == 1) {
                continue;
            }
            lastRank = rank;
            int g = grid;
            double error = measured
                    ? files.get(operator.fileName("block-" + g + "-" + rank), () ->
                            new double[] {block(operator, g, rank).error()})[0]
                    : Math.pow(1 - share, 2);
            for (WeightType type : types) {
                options.add(option(
                        List.of(operator),
                        "block " + g + "×" + g + " " + rank,
                        BlockLattice.parameters(m, n, g, rank),
                        bytes(type, operator, m, rank)
                                + bytes(type, operator, (long) rank * g, g)
                                + bytes(type, operator, (long) g * rank, n / g),
                        error,
                        operator.sensitivity() * error,
                        type,
                        () -> List.of(block(operator, g, rank).network(operator.name()))));
            }
        }
        return new Family(options);
    }

    private BlockLattice block(Operator operator, int grid, int rank) {
        BlockLattice lattice =
                BlockLattice.of(operator.weights(), operator.metric(), lowRank(operator), grid, rank, algebra);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            lattice.sweep();
        }
        return lattice;
    }

    /** A chain of two sites. */
    Family chains(Operator operator) {
        int[] out = Digits.of(operator.rows(), 2);
        int[] in = Digits.of(operator.columns(), 2);
        double[] errors = files.get(operator.fileName("chain"), () -> chainErrors(operator, out, in));
        List<Option> options = new ArrayList<>();
        for (int bond = 1; bond < errors.length; bond++) {
            long first = (long) out[0] * in[0] * bond;
            long second = (long) out[1] * in[1] * bond;
            if (first + second >= operator.parameters()) {
                break;
            }
            int size = bond;
            for (WeightType type : types) {
                options.add(option(
                        List.of(operator),
                        "mpo " + bond,
                        first + second,
                        bytes(type, operator, (long) out[0] * bond, in[0])
                                + bytes(type, operator, (long) out[1] * bond, in[1]),
                        errors[bond],
                        operator.sensitivity() * errors[bond],
                        type,
                        () -> List.of(chain(operator, out, in, size))));
            }
        }
        options.addAll(dense(operator).options());
        return new Family(options);
    }

    private double[] chainErrors(Operator operator, int[] out, int[] in) {
        double[] values = MatrixProduct.bondValues(operator.weights(), operator.metric(), out, in, algebra);
        double[] errors = new double[values.length + 1];
        for (int k = values.length - 1; k >= 0; k--) {
            errors[k] = errors[k + 1] + values[k] * values[k];
        }
        double total = errors[0];
        for (int k = 0; k < errors.length; k++) {
            errors[k] /= total;
        }
        return errors;
    }

    private OperatorNetwork chain(Operator operator, int[] out, int[] in, int bond) {
        Matrix w = operator.weights();
        Metric metric = operator.metric();
        OperatorNetwork start = MatrixProduct.of(operator.name(), w, metric, out, in, bond, algebra);
        return new AlternatingLeastSquares(w, metric, algebra).optimise(start, SWEEPS, 1e-3, new ArrayList<>());
    }

    /** A 2×2 lattice. Nothing is known of its error before it is built: bonds are spread evenly. */
    Family lattices(Operator operator) {
        int[] out = Digits.of(operator.rows(), 4);
        int[] in = Digits.of(operator.columns(), 4);
        long perSquare = 0;
        for (int site = 0; site < 4; site++) {
            perSquare += (long) out[site] * in[site];
        }
        List<Option> options = new ArrayList<>();
        for (int bond = 1; perSquare * bond * bond < operator.parameters(); bond++) {
            int size = bond;
            double error = Math.pow(1 - (double) perSquare * bond * bond / operator.parameters(), 2);
            for (WeightType type : types) {
                long bytes = 0;
                for (int site = 0; site < 4; site++) {
                    bytes += bytes(type, operator, (long) out[site] * bond * bond, in[site]);
                }
                options.add(option(
                        List.of(operator),
                        "peps 2×2 " + bond,
                        perSquare * bond * bond,
                        bytes,
                        error,
                        operator.sensitivity() * error,
                        type,
                        () -> List.of(peps(operator, out, in, size))));
            }
        }
        options.addAll(dense(operator).options());
        return new Family(options);
    }

    /** Begins with larger bonds and lowers them by one and one in their environments, optimising in between; every step is kept. */
    private OperatorNetwork peps(Operator operator, int[] out, int[] in, int bond) {
        PepsOperator.Lattice lattice = new PepsOperator.Lattice(2, 2, false);
        Matrix w = operator.weights();
        Metric metric = operator.metric();
        AlternatingLeastSquares squares = new AlternatingLeastSquares(w, metric, algebra);
        OperatorNetwork current = null;
        boolean large = bond > LARGE_PEPS_BOND;
        for (int size = large ? bond : bond + PEPS_STEPS; size >= bond; size--) {
            OperatorNetwork before = current;
            int target = size;
            OperatorNetwork shape = Bonds.widened(
                    before != null
                            ? new LatticeRenormalization(before, lattice, metric, 4 * size * size, algebra)
                                    .truncated(before, target)
                            : PepsOperator.snake(operator.name(), w, metric, lattice, out, in, target, algebra),
                    target,
                    0.1,
                    new Random(target));
            List<String> names = List.copyOf(shape.network().parameters().keySet());
            double[] stored = files.get(operator.fileName("peps-" + bond + "-at-" + size), () -> {
                OperatorNetwork optimised = squares.optimise(shape, large ? 1 : SWEEPS, 1e-3, new ArrayList<>());
                return names.stream()
                        .map(optimised.tensors()::get)
                        .flatMapToDouble(Arrays::stream)
                        .toArray();
            });
            int at = 0;
            current = shape;
            for (String name : names) {
                int length = shape.tensors().get(name).length;
                current = current.with(name, Arrays.copyOfRange(stored, at, at + length));
                at += length;
            }
        }
        return current;
    }

    /** All alternatives for all operators, as one tree. */
    Choice tree(Ansatz ansatz, List<Map<String, Operator>> blocks, List<Operator> others) {
        List<Choice> parts = new ArrayList<>();
        others.forEach(operator -> parts.add(lowRankFamily(operator, ansatz == Ansatz.PLAIN_SVD)));
        for (int layer = 0; layer < blocks.size(); layer += 2) {
            Map<String, Operator> first = blocks.get(layer);
            Map<String, Operator> second = layer + 1 < blocks.size() ? blocks.get(layer + 1) : null;
            for (List<String> cell :
                    List.of(List.of("Q", "K", "V"), List.of("O"), List.of("GATE", "UP"), List.of("DOWN"))) {
                parts.add(cell(ansatz, cell, first, second));
            }
        }
        return new AllOf(parts);
    }

    private Choice cell(Ansatz ansatz, List<String> kinds, Map<String, Operator> first, Map<String, Operator> second) {
        List<Choice> byBlock = new ArrayList<>();
        for (Map<String, Operator> block : second == null ? List.of(first) : List.of(first, second)) {
            List<Operator> members = kinds.stream().map(block::get).toList();
            List<Choice> alternatives = new ArrayList<>();
            alternatives.add(new AllOf(
                    members.stream().map(member -> single(ansatz, member)).toList()));
            if (members.size() > 1 && (ansatz == Ansatz.TIED || ansatz == Ansatz.AUTO)) {
                Family tied = tied(members, shared(members.getFirst().name(), kinds));
                if (!tied.options().isEmpty()) {
                    alternatives.add(tied);
                }
            }
            byBlock.add(new OneOf(alternatives));
        }
        Choice apart = new AllOf(byBlock);
        if (second == null || ansatz != Ansatz.LAYER && ansatz != Ansatz.AUTO) {
            return apart;
        }
        List<Choice> perKind = new ArrayList<>();
        for (String kind : kinds) {
            List<Operator> pair = List.of(first.get(kind), second.get(kind));
            Family family = layers(pair, first.get(kind).name() + ".shared");
            Choice dense = new AllOf(pair.stream().map(this::dense).toList());
            perKind.add(family.options().isEmpty() ? dense : new OneOf(List.of(family, dense)));
        }
        return ansatz == Ansatz.LAYER ? new AllOf(perKind) : new OneOf(List.of(apart, new AllOf(perKind)));
    }

    private static String shared(String firstName, List<String> kinds) {
        String layer = firstName.substring(0, firstName.lastIndexOf('.', firstName.lastIndexOf('.') - 1));
        return layer + "." + String.join("_", kinds).toLowerCase(java.util.Locale.ROOT) + ".shared";
    }

    private Choice single(Ansatz ansatz, Operator operator) {
        return switch (ansatz) {
            case LOW_RANK, PLAIN_SVD -> lowRankFamily(operator, ansatz == Ansatz.PLAIN_SVD);
            case TIED -> lowRankFamily(operator, false);
            case LAYER -> dense(operator);
            case BLOCK -> {
                Family blocks = blocks(operator);
                yield blocks.options().isEmpty() ? dense(operator) : new OneOf(List.of(blocks, dense(operator)));
            }
            case MPO -> chains(operator);
            case PEPS -> lattices(operator);
            case AUTO -> {
                Family blocks = blocks(operator);
                Family lowRank = lowRankFamily(operator, false);
                yield blocks.options().isEmpty() ? lowRank : new OneOf(List.of(lowRank, blocks));
            }
        };
    }
}
