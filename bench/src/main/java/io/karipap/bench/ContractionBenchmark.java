package io.karipap.bench;

import io.karipap.ansatz.BlockLattice;
import io.karipap.ansatz.Digits;
import io.karipap.format.Tensor;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.WorkerTeam;
import io.karipap.kernels.vector.VectorKernels;
import io.karipap.network.Contraction;
import io.karipap.network.ContractionPlanner;
import io.karipap.network.Index;
import io.karipap.network.Leg;
import io.karipap.network.MergingPlanner;
import io.karipap.network.PackedSites;
import io.karipap.network.Scratch;
import io.karipap.network.Site;
import io.karipap.network.TensorNetwork;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@code y = W x} with W an n×n operator of random sites. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class ContractionBenchmark {
    /** Ansatz and bond: {@code dense:0}, {@code low-rank:614}, {@code block:610}, {@code mpo:32}, {@code peps:4}. */
    @Param("peps:4")
    private String network;

    @Param("4096")
    private int size;

    @Param("1")
    private int rows;

    @Param("1")
    private int threads;

    @Param("BF16")
    private WeightType type;

    /** Whether sites are contracted beforehand where the planner says so. */
    @Param("true")
    private boolean merge;

    private WeightMemory memory;
    private WorkerTeam team;
    private Contraction contraction;
    private final VectorKernels kernels = new VectorKernels();
    private final Scratch scratch = new Scratch();
    private Rows x;
    private Rows y;

    /** The network that {@code name} stands for. */
    public static TensorNetwork network(String name, int size) {
        String ansatz = name.substring(0, name.indexOf(':'));
        int bond = Integer.parseInt(name.substring(name.indexOf(':') + 1));
        return switch (ansatz) {
            case "dense" -> TensorNetwork.dense("w", size, size);
            case "low-rank" -> TensorNetwork.lowRank("w", size, size, bond);
            case "block" -> BlockLattice.network("w", size, size, 4, bond);
            case "mpo" -> lattice(size, bond, new String[][] {{"x"}, {"x"}});
            case "peps" -> lattice(size, bond, new String[][] {{"n", "w"}, {"n", "e"}, {"s", "w"}, {"s", "e"}});
            default ->
                throw new IllegalArgumentException("the network is " + name + ", expected dense, low-rank, block,"
                        + " mpo or peps and a bond, such as peps:4");
        };
    }

    private static TensorNetwork lattice(int size, int bond, String[][] bonds) {
        int[] digits = Digits.of(size, bonds.length);
        List<Index> indices = new ArrayList<>();
        List<Site> sites = new ArrayList<>();
        List<String> named = new ArrayList<>();
        for (int site = 0; site < bonds.length; site++) {
            indices.add(new Index("o" + site, digits[site], Leg.OUT));
        }
        for (int site = 0; site < bonds.length; site++) {
            indices.add(new Index("i" + site, digits[site], Leg.IN));
            List<String> own = new ArrayList<>(List.of("o" + site));
            for (String name : bonds[site]) {
                own.add(name);
                if (!named.contains(name)) {
                    named.add(name);
                }
            }
            own.add("i" + site);
            sites.add(new Site(Integer.toString(site), own));
        }
        named.forEach(name -> indices.add(new Index(name, bond, Leg.BOND)));
        return new TensorNetwork("w", indices, sites);
    }

    @Setup
    public void setUp() {
        TensorNetwork built = network(network, size);
        SplittableRandom random = new SplittableRandom(1);
        Map<String, Tensor> tensors = new HashMap<>();
        for (Site site : built.sites()) {
            long elements = built.parameters().get(site.tensor());
            float[] data = new float[Math.toIntExact(elements)];
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) random.nextGaussian() / 32;
            }
            tensors.put(
                    site.tensor(),
                    new Tensor(site.tensor(), WeightType.F32, built.shape(site), MemorySegment.ofArray(data)));
        }
        memory = new WeightMemory();
        team = new WorkerTeam(threads);
        contraction = Contraction.compile(
                merge ? MergingPlanner.plan(built) : ContractionPlanner.plan(built),
                tensors::get,
                new PackedSites(type, memory, team));
        x = Rows.allocate(rows, size);
        y = Rows.allocate(rows, size);
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = (float) random.nextGaussian();
        }
    }

    @TearDown
    public void tearDown() {
        team.close();
        memory.close();
    }

    @Benchmark
    public float[] contract() {
        contraction.apply(x, y, rows, kernels, team, scratch);
        return y.data();
    }
}
