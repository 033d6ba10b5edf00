package io.karipap.network;

import io.karipap.format.packed.PackedWeights;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.WorkerTeam;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The packed sites of a model while it is loaded: a site that several operators share and contract alike is packed once, and one that was
 * kept packed is not packed at all.
 */
public final class PackedSites {
    private final WeightType type;
    private final WeightMemory memory;
    private final WorkerTeam team;
    private final Optional<PackedWeights> kept;
    private final Map<Key, PackedMatrix[]> packed = new LinkedHashMap<>();

    /** How a tensor is packed: which of its dimensions are batched, which make rows and which columns. */
    record Key(String tensor, List<Integer> batch, List<Integer> rows, List<Integer> columns) {
        /** Name of matrix {@code number} of the batch among packed weights. */
        private String name(int number) {
            return tensor + " " + batch + rows + columns + "#" + number;
        }
    }

    /**
     * @param type type of the weights in memory; null for the type that they have in the file
     * @param memory where they live
     * @param team who packs
     */
    public PackedSites(WeightType type, WeightMemory memory, WorkerTeam team) {
        this(type, memory, team, Optional.empty());
    }

    /**
     * @param type type of the weights in memory; null for the type that they have in the file
     * @param memory where they live
     * @param team who packs
     * @param kept weights of the same model that were packed before, in {@code memory}
     */
    public PackedSites(WeightType type, WeightMemory memory, WorkerTeam team, Optional<PackedWeights> kept) {
        this.type = type;
        this.memory = memory;
        this.team = team;
        this.kept = kept;
    }

    /**
     * @param count matrices of the batch
     * @param rows the matrices, asked for if they must be packed
     */
    PackedMatrix[] get(Key key, int count, Supplier<SiteRows[]> rows) {
        PackedMatrix[] found = packed.get(key);
        if (found == null) {
            found = kept(key, count);
            if (found == null) {
                found = pack(rows.get());
            }
            packed.put(key, found);
        }
        return found;
    }

    /** What was kept, or null. */
    private PackedMatrix[] kept(Key key, int count) {
        if (kept.isEmpty()) {
            return null;
        }
        PackedMatrix[] found = new PackedMatrix[count];
        for (int b = 0; b < count; b++) {
            found[b] = kept.get().find(key.name(b)).orElse(null);
            if (found[b] == null) {
                return null;
            }
        }
        return found;
    }

    private PackedMatrix[] pack(SiteRows[] matrices) {
        PackedMatrix[] made = new PackedMatrix[matrices.length];
        for (int b = 0; b < made.length; b++) {
            made[b] = PackedMatrix.pack(matrices[b].packedType(type), matrices[b], memory, team);
        }
        matrices[0].unload(); // all are parts of one tensor
        return made;
    }

    /** All matrices by name, in the order in which they were asked for: what can be kept. */
    public Map<String, PackedMatrix> all() {
        Map<String, PackedMatrix> all = new LinkedHashMap<>();
        packed.forEach((key, matrices) -> {
            for (int b = 0; b < matrices.length; b++) {
                all.put(key.name(b), matrices[b]);
            }
        });
        return all;
    }
}
