package io.karipap.network;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.PackedMatrix;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WorkerTeam;

/** One matmul for a team, each thread its share of the panels. Used again and again, so that a token allocates nothing. */
final class MatmulTask implements WorkerTeam.Task {
    private Kernels kernels;
    private PackedMatrix weights;
    private Rows x;
    private Rows y;
    private int rows;

    void run(WorkerTeam team, Kernels by, PackedMatrix w, Rows input, Rows output, int count) {
        kernels = by;
        weights = w;
        x = input;
        y = output;
        rows = count;
        team.run(this);
    }

    @Override
    public void run(int part, int parts) {
        kernels.matmul(weights, weights.share(part, parts), weights.share(part + 1, parts), x, y, rows);
    }
}
