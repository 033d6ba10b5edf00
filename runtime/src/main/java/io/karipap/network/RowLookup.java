package io.karipap.network;

import io.karipap.format.Tensor;
import io.karipap.kernels.Kernels;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WorkerTeam;
import java.util.List;
import java.util.function.Function;

/**
 * Rows of an operator {@code W [V, D]} by number, the lookup of an embedding: of a matrix as it is, or of a low rank
 * {@code o ── A ── r ── B ── i}, whose row is {@code A[o] B}.
 */
public final class RowLookup {
    private final PackedMatrix rows;
    private final PackedMatrix mixing; // Bᵀ [D, r], or null

    private RowLookup(PackedMatrix rows, PackedMatrix mixing) {
        this.rows = rows;
        this.mixing = mixing;
    }

    /**
     * Packs what is needed for lookups; a tied head shares the sites.
     *
     * @throws IllegalArgumentException if the network is another than these two
     */
    public static RowLookup compile(TensorNetwork network, Function<String, Tensor> tensors, PackedSites sites) {
        List<Site> all = network.sites();
        Index out = network.indices().stream()
                .filter(index -> index.leg() == Leg.OUT)
                .findFirst()
                .orElseThrow();
        Index in = network.indices().stream()
                .filter(index -> index.leg() == Leg.IN)
                .findFirst()
                .orElseThrow();
        boolean plain = network.indices().size() == all.size() + 1 && all.size() <= 2;
        if (plain && all.size() == 1) {
            return new RowLookup(pack(network, all.getFirst(), out, in, tensors, sites), null);
        }
        Index bond = network.indices().stream()
                .filter(index -> index.leg() == Leg.BOND)
                .findFirst()
                .orElse(null);
        if (!plain
                || bond == null
                || !all.get(0).indices().equals(List.of(out.name(), bond.name()))
                || !all.get(1).indices().equals(List.of(bond.name(), in.name()))) {
            throw new IllegalArgumentException(
                    "is an embedding of an unknown form; expected one site, or two as [out," + " bond] and [bond, in]");
        }
        return new RowLookup(
                pack(network, all.get(0), out, bond, tensors, sites),
                pack(network, all.get(1), in, bond, tensors, sites));
    }

    private static PackedMatrix pack(
            TensorNetwork network,
            Site site,
            Index rows,
            Index columns,
            Function<String, Tensor> tensors,
            PackedSites sites) {
        ContractionStep step = new ContractionStep(
                network.sites().indexOf(site), List.of(), List.of(), List.of(columns), List.of(rows), 0);
        return Contraction.pack(network, site, () -> tensors.apply(site.tensor()), step, sites)[0];
    }

    /** Where to {@link #copyRow} to: {@code out} itself, or scratch. */
    public Rows gathered(Rows out, int count, Scratch scratch) {
        return mixing == null ? out : scratch.gathered(count, rows.columns());
    }

    /** Copies what is stored of row {@code number}. */
    public void copyRow(int number, Rows gathered, int m) {
        rows.copyRow(number, gathered.data(), gathered.at(m));
    }

    /** Makes whole rows of what was gathered. */
    public void finish(Rows gathered, Rows out, int count, Kernels kernels, WorkerTeam team, Scratch scratch) {
        if (mixing != null) {
            scratch.matmuls().add(mixing, gathered, out, count);
            scratch.matmuls().run(kernels, team);
        }
    }
}
