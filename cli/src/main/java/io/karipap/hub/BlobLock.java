package io.karipap.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a blob to one loader, among the threads of this process and among processes of Karipap. (Python's programs lock the same
 * file by other means that the JDK does not have; their incomplete files have other names, so nothing breaks.)
 */
final class BlobLock implements AutoCloseable {
    private static final long POLL_MILLIS = 100;

    private final FileChannel channel;

    private BlobLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @param waiting run once if another has the lock */
    static BlobLock acquire(Path file, Runnable waiting) throws IOException {
        Files.createDirectories(file.getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean told = false;
        while (tryLock(channel) == null) {
            if (!told) {
                waiting.run();
                told = true;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                channel.close();
                throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
            }
        }
        return new BlobLock(channel);
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Closing the file releases the lock. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
