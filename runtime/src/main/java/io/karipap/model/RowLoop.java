package io.karipap.model;

import io.karipap.kernels.WorkerTeam;

/** A loop over the rows of a step, split among the threads where that is worth it. Used again and again, so that a token allocates nothing. */
abstract class RowLoop implements WorkerTeam.Task {
    private int rows;

    /** Runs {@link #row} for {@code count} rows of {@code width} elements. */
    final void over(int count, int width, WorkerTeam team) {
        rows = count;
        if (team.isWorth((long) count * width)) {
            team.run(this);
        } else {
            run(0, 1);
        }
    }

    @Override
    public final void run(int part, int parts) {
        for (int m = rows * part / parts; m < rows * (part + 1) / parts; m++) {
            row(m);
        }
    }

    abstract void row(int m);
}
