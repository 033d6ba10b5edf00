package io.karipap.operator;

import io.karipap.format.Tensor;
import io.karipap.format.TensorStore;
import io.karipap.linalg.Matrix;
import io.karipap.model.config.Input;
import io.karipap.model.config.Linear;
import io.karipap.model.config.ModelConfig;
import io.karipap.model.config.OperatorShape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The operators of a dense model.
 *
 * @param blocks the cells of each block: operators that read the same; every block has the same cells
 * @param others embedding and head
 */
public record DenseModel(List<List<Cell>> blocks, List<Operator> others) {
    /** Embedding and head, then the operators of all blocks. */
    public List<Operator> all() {
        List<Operator> all = new ArrayList<>(others);
        all.addAll(inBlocks());
        return all;
    }

    /** The operators of all blocks. */
    public List<Operator> inBlocks() {
        return blocks.stream()
                .flatMap(List::stream)
                .flatMap(cell -> cell.members().stream())
                .toList();
    }

    /** The same with every operator changed. */
    public DenseModel map(UnaryOperator<Operator> change) {
        return new DenseModel(
                blocks.stream()
                        .map(block -> block.stream()
                                .map(cell -> new Cell(
                                        cell.members().stream().map(change).toList(), cell.sharedName()))
                                .toList())
                        .toList(),
                others.stream().map(change).toList());
    }

    /**
     * The operators that {@code store} holds.
     *
     * @param metrics of what flows at a place
     * @param ids tokens of the calibration text: they tell how often rows of an embedding are looked up
     * @throws io.karipap.format.ModelFormatException if a matrix is missing or of another shape
     */
    public static DenseModel of(ModelConfig config, TensorStore store, Function<Place, Metric> metrics, int[] ids) {
        List<List<Cell>> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(cells(config, layer, store, metrics));
        }
        Place head = new Place(config.layers(), Input.HEAD);
        boolean tied = config.tiedEmbedding();
        List<Integer> shape = List.of(config.vocabularySize(), config.hiddenSize());
        Supplier<Metric> atHead = () -> metrics.apply(head);
        double[] counts = RowWeights.of(ids, config.vocabularySize(), tied);
        Tensor embedding = store.require(config.names().embedding(), shape);
        Operator looked = new Operator(
                embedding,
                new Source(embedding, tied ? atHead : () -> Metric.flat(config.hiddenSize()), Optional.of(counts)));
        List<Operator> others = new ArrayList<>(List.of(tied ? looked.at(head) : looked));
        if (!tied) {
            Tensor matrix = store.require(config.names().head(), shape);
            others.add(new Operator(matrix, new Source(matrix, atHead, Optional.empty())).at(head));
        }
        return new DenseModel(blocks, others);
    }

    /** Operators of one block by what they read. */
    private static List<Cell> cells(ModelConfig config, int layer, TensorStore store, Function<Place, Metric> metrics) {
        Map<Input, List<Linear>> readers = new EnumMap<>(Input.class);
        for (Linear linear : config.linears()) {
            readers.computeIfAbsent(linear.input(), input -> new ArrayList<>()).add(linear);
        }
        List<Cell> cells = new ArrayList<>();
        readers.forEach((input, linears) -> {
            Place place = new Place(layer, input);
            List<Operator> members = new ArrayList<>();
            for (Linear linear : linears) {
                OperatorShape shape = config.operator(linear, layer);
                Tensor tensor = store.require(shape.name(), List.of(shape.out(), shape.in()));
                members.add(new Operator(tensor, new Source(tensor, () -> metrics.apply(place), Optional.empty()))
                        .at(place));
            }
            cells.add(new Cell(members, sharedName(members.getFirst().name(), linears)));
        });
        return cells;
    }

    /** Such as {@code model.layers.3.self_attn.q_k_v.shared}. */
    private static String sharedName(String firstName, List<Linear> linears) {
        String module = firstName.substring(0, firstName.lastIndexOf('.', firstName.lastIndexOf('.') - 1));
        String kinds = String.join("_", linears.stream().map(Linear::name).toList());
        return SiteNames.shared(module + "." + kinds.toLowerCase(Locale.ROOT));
    }

    private record Source(Tensor tensor, Supplier<Metric> measured, Optional<double[]> rowWeights)
            implements OperatorSource {
        @Override
        public Matrix weights() {
            return new Matrix(tensor.shape().get(0), tensor.shape().get(1), OperatorNetwork.elements(tensor));
        }

        @Override
        public Metric metric() {
            return measured.get();
        }
    }
}
