package io.karipap.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A stream of a network that is closed, with an error for its reader, when nothing came for a while. */
final class PatientStream extends FilterInputStream {
    private final Duration patience;
    private final Thread watch;
    private volatile long last = System.nanoTime();
    private volatile boolean stalled;

    PatientStream(InputStream in, Duration patience) {
        super(in);
        this.patience = patience;
        watch = Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        try {
            while (System.nanoTime() - last < patience.toNanos()) {
                Thread.sleep(patience.dividedBy(4));
            }
            stalled = true;
            in.close();
        } catch (InterruptedException | IOException e) {
            // Closed meanwhile: nobody reads.
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        last = System.nanoTime();
        int count;
        try {
            count = in.read(bytes, offset, length);
        } catch (IOException e) {
            // The JDK's stream says "closed", and why in the cause.
            throw stalled ? stalled() : e.getCause() instanceof IOException cause ? cause : e;
        }
        if (count < 0 && stalled) {
            throw stalled();
        }
        last = System.nanoTime();
        return count;
    }

    private TransientFailure stalled() {
        return new TransientFailure("nothing came for " + patience.toMillis() / 1000.0 + " s", Duration.ZERO);
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        in.close();
    }
}
