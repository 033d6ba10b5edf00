package io.karipap.operator;

import io.karipap.format.Tensor;
import io.karipap.format.TensorRows;
import io.karipap.format.TensorStore;
import io.karipap.linalg.LinearAlgebra;
import io.karipap.linalg.Matrix;
import io.karipap.network.Index;
import io.karipap.network.Leg;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import io.karipap.tensor.Einsum;
import io.karipap.tensor.NamedTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A network with its site tensors.
 *
 * @param network the einsum
 * @param tensors elements by the tensor's name, row-major; a tensor at several sites is one
 */
public record OperatorNetwork(TensorNetwork network, Map<String, double[]> tensors) {
    /** @throws IllegalArgumentException if a tensor is missing or of the wrong size */
    public OperatorNetwork {
        tensors = Map.copyOf(tensors);
        for (Map.Entry<String, Long> site : network.parameters().entrySet()) {
            double[] data = tensors.get(site.getKey());
            if (data == null || data.length != site.getValue()) {
                throw new IllegalArgumentException("tensor \"" + site.getKey() + "\" of \"" + network.operator()
                        + "\" should have " + site.getValue() + " elements");
            }
        }
    }

    /**
     * A network whose site tensors lie in a model's files.
     *
     * @throws io.karipap.format.ModelFormatException if a tensor is missing or of another shape
     */
    public static OperatorNetwork read(TensorNetwork network, TensorStore store) {
        Map<String, double[]> tensors = new HashMap<>();
        for (Site site : network.sites()) {
            tensors.put(site.tensor(), elements(store.require(site.tensor(), network.shape(site))));
        }
        return new OperatorNetwork(network, tensors);
    }

    /** All elements of a tensor, row-major. */
    public static double[] elements(Tensor tensor) {
        TensorRows rows = new TensorRows(tensor);
        double[] data = new double[Math.toIntExact(tensor.elements())];
        float[] row = new float[rows.columns()];
        for (int n = 0; n < rows.rows(); n++) {
            rows.read(n, row);
            for (int k = 0; k < row.length; k++) {
                data[n * row.length + k] = row[k];
            }
        }
        return data;
    }

    /** The same network with random sites, whose product is about as large as a matrix of variance {@code variance}. */
    public static OperatorNetwork random(TensorNetwork network, double variance, Random random) {
        double paths = 1; // terms that add up in an element of the product
        for (Index index : network.indices()) {
            paths *= index.leg() == Leg.BOND ? index.size() : 1;
        }
        double deviation = Math.pow(variance / paths, 0.5 / network.sites().size());
        Map<String, double[]> tensors = new HashMap<>();
        network.parameters().forEach((name, size) -> {
            double[] data = new double[Math.toIntExact(size)];
            for (int i = 0; i < data.length; i++) {
                data[i] = deviation * random.nextGaussian();
            }
            tensors.put(name, data);
        });
        return new OperatorNetwork(network, tensors);
    }

    /** Elements of all tensors. */
    public long parameters() {
        return network.parameterCount();
    }

    /** The tensor at site number {@code site}, with the names of its indices there. */
    public NamedTensor site(int site) {
        Site at = network.sites().get(site);
        int[] sizes = network.shape(at).stream().mapToInt(Integer::intValue).toArray();
        return new NamedTensor(at.indices(), sizes, tensors.get(at.tensor()));
    }

    /** All sites. */
    public List<NamedTensor> sites() {
        List<NamedTensor> sites = new ArrayList<>();
        for (int i = 0; i < network.sites().size(); i++) {
            sites.add(site(i));
        }
        return sites;
    }

    /** The same with another tensor in the place of one. */
    public OperatorNetwork with(String tensor, double[] data) {
        Map<String, double[]> changed = new HashMap<>(tensors);
        changed.put(tensor, data);
        return new OperatorNetwork(network, changed);
    }

    /** The elements of one tensor as floats. */
    public float[] floats(String tensor) {
        double[] data = tensors.get(tensor);
        return new Matrix(1, data.length, data).toFloats();
    }

    /** The elements of all tensors, one tensor after the other in the order of the network. */
    public double[] flat() {
        return network.parameters().keySet().stream()
                .map(tensors::get)
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    /** The same network with the elements that {@link #flat} gave of another. */
    public OperatorNetwork withFlat(double[] flat) {
        Map<String, double[]> changed = new HashMap<>();
        int at = 0;
        for (String name : network.parameters().keySet()) {
            int end = at + tensors.get(name).length;
            changed.put(name, Arrays.copyOfRange(flat, at, end));
            at = end;
        }
        return new OperatorNetwork(network, changed);
    }

    /** Names of the physical legs of one kind, in order. */
    public List<String> legs(Leg leg) {
        return network.indices().stream()
                .filter(index -> index.leg() == leg)
                .map(Index::name)
                .toList();
    }

    /** The dense matrix [m, n] that it stands for. */
    public Matrix dense(LinearAlgebra algebra) {
        List<String> order = new ArrayList<>(legs(Leg.OUT));
        order.addAll(legs(Leg.IN));
        NamedTensor tensor = Einsum.contract(sites(), order, algebra);
        return new Matrix(network.out(), network.in(), tensor.data());
    }

    /** A dense matrix [m, n] as a tensor of the physical legs. */
    public NamedTensor asTensor(Matrix dense) {
        List<String> names = new ArrayList<>(legs(Leg.OUT));
        names.addAll(legs(Leg.IN));
        int[] sizes =
                names.stream().mapToInt(name -> network.index(name).size()).toArray();
        return new NamedTensor(names, sizes, dense.data());
    }
}
