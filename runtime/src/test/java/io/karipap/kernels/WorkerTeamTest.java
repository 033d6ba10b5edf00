package io.karipap.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerTeamTest {
    @Test
    void everyPartOfEveryTaskRunsOnce() throws InterruptedException {
        try (WorkerTeam team = new WorkerTeam(3)) {
            AtomicLong sum = new AtomicLong();
            for (int round = 1; round <= 20_000; round++) {
                team.run((part, parts) -> sum.addAndGet(1L << (20 * part)));
                if (round % 5_000 == 0) {
                    Thread.sleep(20); // workers park
                }
            }
            assertThat(sum.get()).isEqualTo(20_000L + (20_000L << 20) + (20_000L << 40));
        }
    }

    @Test
    void aFailingPartFailsTheCallAndTheTeamGoesOn() {
        try (WorkerTeam team = new WorkerTeam(2)) {
            assertThatThrownBy(() -> team.run((part, parts) -> {
                        if (part == 1) {
                            throw new IllegalArgumentException("boom");
                        }
                    }))
                    .hasMessageContaining("boom");
            assertThatThrownBy(() -> team.run((part, parts) -> {
                        throw new IllegalArgumentException("boom");
                    }))
                    .hasMessageContaining("boom");
            AtomicLong sum = new AtomicLong();
            team.run((part, parts) -> sum.incrementAndGet());
            assertThat(sum.get()).isEqualTo(2);
        }
    }
}
