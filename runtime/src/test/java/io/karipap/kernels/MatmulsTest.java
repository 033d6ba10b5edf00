package io.karipap.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.karipap.kernels.vector.VectorKernels;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatmulsTest {
    private static final int K = 70;
    private static final int[] N = {1, 64, 200, 333, 64};
    private static final int[] ROWS = {1, 2, 47, 48, 101};

    private final Kernels kernels = new VectorKernels();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void threadsTogetherGiveTheBitsOfOne(int threads) {
        try (WeightMemory memory = new WeightMemory();
                WorkerTeam team = new WorkerTeam(threads)) {
            Matmuls matmuls = new Matmuls();
            for (int repetition = 0; repetition < 20; repetition++) {
                List<Rows> expected = new ArrayList<>();
                List<Rows> actual = new ArrayList<>();
                for (int i = 0; i < N.length; i++) {
                    PackedMatrix w = weights(N[i], memory);
                    Rows x = randoms(ROWS[i]);
                    expected.add(Rows.allocate(ROWS[i], N[i]));
                    actual.add(Rows.allocate(ROWS[i], N[i]));
                    kernels.matmul(w, Blocks.all(w), x, expected.getLast(), ROWS[i]);
                    matmuls.add(w, x, actual.getLast(), ROWS[i]);
                }
                matmuls.run(kernels, team);
                for (int i = 0; i < N.length; i++) {
                    assertThat(actual.get(i).data()).isEqualTo(expected.get(i).data());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60})
    void whoIsDoneTakesFromWhoIsSlow(int rows) {
        try (WeightMemory memory = new WeightMemory();
                WorkerTeam team = new WorkerTeam(2)) {
            PackedMatrix w = weights(40 * PackedMatrix.BLOCK, memory);
            Rows x = randoms(rows);
            Rows expected = Rows.allocate(rows, w.rows());
            Rows actual = Rows.allocate(rows, w.rows());
            kernels.matmul(w, Blocks.all(w), x, expected, rows);
            AtomicIntegerArray blocksOf = new AtomicIntegerArray(2);
            Matmuls matmuls = new Matmuls();
            matmuls.add(w, x, actual, rows);
            matmuls.run(slowButForTheCaller(Thread.currentThread(), blocksOf), team);
            assertThat(actual.data()).isEqualTo(expected.data());
            assertThat(blocksOf.get(0) + blocksOf.get(1)).isEqualTo(rows < 48 ? w.blocks() : 2 * w.blocks());
            assertThat(blocksOf.get(0)).isGreaterThan(3 * blocksOf.get(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatAKernelThrowsIsThrownAndTheNextRunIsSound(int threads) {
        try (WeightMemory memory = new WeightMemory();
                WorkerTeam team = new WorkerTeam(threads)) {
            PackedMatrix w = weights(500, memory);
            Rows x = randoms(3);
            Matmuls matmuls = new Matmuls();
            matmuls.add(w, x, new Rows(new float[3], 0, 500), 3);
            assertThatThrownBy(() -> matmuls.run(kernels, team)).isInstanceOf(RuntimeException.class);
            Rows expected = Rows.allocate(3, 500);
            Rows actual = Rows.allocate(3, 500);
            kernels.matmul(w, Blocks.all(w), x, expected, 3);
            matmuls.add(w, x, actual, 3);
            matmuls.run(kernels, team);
            assertThat(actual.data()).isEqualTo(expected.data());
        }
    }

    /** Kernels whose every block takes another thread 20 ms; they count the blocks of the caller and of others. */
    private Kernels slowButForTheCaller(Thread caller, AtomicIntegerArray blocksOf) {
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    boolean fast = Thread.currentThread() == caller;
                    Blocks blocks = (Blocks) arguments[1];
                    arguments[1] = (Blocks) () -> {
                        int block = blocks.next();
                        if (block >= 0) {
                            blocksOf.incrementAndGet(fast ? 0 : 1);
                            sleep(fast ? 0 : 20);
                        }
                        return block;
                    };
                    return method.invoke(kernels, arguments);
                });
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PackedMatrix weights(int n, WeightMemory memory) {
        return PackedMatrix.pack(WeightType.BF16, WeightRows.of(n, K, randoms(n).data()), memory);
    }

    private static Rows randoms(int rows) {
        Rows x = Rows.allocate(rows, K);
        SplittableRandom random = new SplittableRandom(rows);
        for (int i = 0; i < x.data().length; i++) {
            x.data()[i] = (float) random.nextGaussian();
        }
        return x;
    }
}
