package io.karipap.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Tries again what failed for a passing reason. */
final class Retries {
    private static final long PROGRESS_BYTES = 1_000_000;

    private final RetryPolicy policy;
    private final TransferProgress progress;

    Retries(RetryPolicy policy, TransferProgress progress) {
        this.policy = policy;
        this.progress = progress;
    }

    /** What may fail for a passing reason. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException;
    }

    /** A short question; a server that cannot be connected to is not asked again. */
    <T> T run(String subject, Attempt<T> attempt) throws IOException {
        return run(subject, attempt, () -> 0, false);
    }

    /** A transfer: failures are counted anew whenever a megabyte came since. */
    <T> T transfer(String subject, Attempt<T> attempt, LongSupplier position) throws IOException {
        return run(subject, attempt, position, true);
    }

    private <T> T run(String subject, Attempt<T> attempt, LongSupplier position, boolean reconnect) throws IOException {
        int failures = 0;
        long mark = position.getAsLong();
        while (true) {
            try {
                return attempt.run();
            } catch (HubException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                if (position.getAsLong() - mark >= PROGRESS_BYTES) {
                    mark = position.getAsLong();
                    failures = 0;
                } else {
                    failures++;
                }
                if (!reconnect && e.getCause() instanceof ConnectException) {
                    throw new HubException(
                            e.getMessage() + ": check the connection, HF_ENDPOINT, or set HF_HUB_OFFLINE=1", e);
                }
                if (failures >= policy.failures()) {
                    throw new HubException(
                            subject + ": " + e.getMessage() + ", " + failures
                                    + " times in a row; what has come is kept, pull again to go on",
                            e);
                }
                progress.note(subject + ": " + e.getMessage() + "; trying again");
                pause(failures, e);
            }
        }
    }

    private void pause(int failures, IOException e) throws InterruptedIOException {
        try {
            Thread.sleep(
                    policy.pause(failures, e instanceof TransientFailure passing ? passing.pause() : Duration.ZERO));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(interrupted);
        }
    }
}
