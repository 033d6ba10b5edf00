package io.karipap.network;

import io.karipap.kernels.Kernels;
import io.karipap.kernels.Rows;
import io.karipap.kernels.WorkerTeam;
import io.karipap.network.Scratch.Track;
import java.util.List;

/**
 * Operators of the same input (q, k and v; gate and up), contracted side by side: the matmuls of their first steps are handed to the
 * threads at once, then those of their second ones, and what tied operators share is computed once. Results are those of each operator
 * alone, to the bit.
 */
public final class ContractionGroup {
    private final Contraction[] members;
    private final int[] firstStepOf;
    private final int steps;

    /**
     * @param members operators with the same input
     */
    public ContractionGroup(List<Contraction> members) {
        this.members = members.toArray(Contraction[]::new);
        this.firstStepOf = new int[this.members.length];
        int longest = 0;
        for (int i = 0; i < firstStepOf.length; i++) {
            int owner = 0;
            while (owner < i && !this.members[owner].sharesFirstStep(this.members[i])) {
                owner++;
            }
            firstStepOf[i] = owner;
            longest = Math.max(longest, this.members[i].steps());
        }
        this.steps = longest;
    }

    /**
     * Contracts.
     *
     * @param x activations [M, in]
     * @param y results, [M, out] of every member
     * @param rows M
     */
    public void apply(Rows x, Rows[] y, int rows, Kernels kernels, WorkerTeam team, Scratch scratch) {
        for (int i = 0; i < members.length; i++) {
            scratch.track(i).current(x);
        }
        for (int s = 0; s < steps; s++) {
            for (int i = 0; i < members.length; i++) {
                Track track = scratch.track(i);
                if (s == 0 && firstStepOf[i] < i) {
                    track.current(scratch.track(firstStepOf[i]).current());
                } else if (s < members[i].steps()) {
                    members[i].step(s, track, y[i], rows, kernels, team, scratch.matmuls());
                }
            }
            scratch.matmuls().run(kernels, team);
        }
        for (int i = 0; i < members.length; i++) {
            members[i].finish(scratch.track(i), y[i], rows, team);
        }
    }
}
