package io.karipap.network;

import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.WeightMemory;
import io.karipap.kernels.WeightType;
import io.karipap.kernels.WorkerTeam;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The packed sites of a model while it is loaded: a site that several operators share and contract alike is packed once. */
public final class PackedSites {
    private final WeightType type;
    private final WeightMemory memory;
    private final WorkerTeam team;
    private final Map<Key, PackedMatrix[]> packed = new HashMap<>();

    /** How a tensor is packed: which of its dimensions are batched, which make rows and which columns. */
    record Key(String tensor, List<Integer> batch, List<Integer> rows, List<Integer> columns) {}

    /**
     * @param type type of the weights in memory; null for the type that they have in the file
     * @param memory where they live
     * @param team who packs
     */
    public PackedSites(WeightType type, WeightMemory memory, WorkerTeam team) {
        this.type = type;
        this.memory = memory;
        this.team = team;
    }

    PackedMatrix[] get(Key key, Supplier<SiteRows[]> rows) {
        PackedMatrix[] found = packed.get(key);
        if (found == null) {
            SiteRows[] matrices = rows.get();
            found = new PackedMatrix[matrices.length];
            for (int b = 0; b < found.length; b++) {
                found[b] = PackedMatrix.pack(matrices[b].packedType(type), matrices[b], memory, team);
            }
            matrices[0].unload(); // all are parts of one tensor
            packed.put(key, found);
        }
        return found;
    }
}
