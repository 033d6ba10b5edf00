package io.karipap.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings one blob: goes on where an earlier transfer broke, checks size and hash, and moves it to its place in one step. */
final class BlobDownload {
    private static final int CHUNK = 1 << 18;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    private final HubClient client;
    private final RemoteBlob blob;
    private final TransferProgress progress;
    private final FileChannel file;
    private MessageDigest digest;
    private long position;

    private BlobDownload(HubClient client, RemoteBlob blob, TransferProgress progress, FileChannel file) {
        this.client = client;
        this.blob = blob;
        this.progress = progress;
        this.file = file;
    }

    /**
     * @param incomplete where bytes are kept until all are there; what it has is taken over
     * @param destination where the blob goes; replaced if it is there
     * @throws HubException if the transfer breaks too often, or what comes has another size or hash
     */
    static void run(HubClient client, RemoteBlob blob, Path incomplete, Path destination, TransferProgress progress)
            throws IOException {
        try (FileChannel file = FileChannel.open(
                incomplete, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            BlobDownload download = new BlobDownload(client, blob, progress, file);
            boolean takenOver = download.takeOver();
            download.transfer();
            boolean right = download.isRight();
            if (!right && takenOver) {
                progress.note(blob.path() + ": what an earlier pull left is damaged; starting over");
                download.restart();
                download.transfer();
                right = download.isRight();
            }
            if (!right) {
                file.truncate(0);
                throw new HubException(
                        blob.path() + " does not have the " + blob.hash().algorithm() + " "
                                + blob.hash().hex() + " that the hub tells: it was changed on the way, pull again");
            }
            file.force(true);
        }
        Files.move(incomplete, destination, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Takes over what an earlier transfer brought; whether there was something. */
    private boolean takeOver() throws IOException {
        restartDigest();
        if (file.size() > blob.bytes()) {
            file.truncate(0);
        }
        InputStream written = Channels.newInputStream(file.position(0));
        byte[] chunk = new byte[CHUNK];
        for (int count = written.read(chunk); count >= 0; count = written.read(chunk)) {
            digest.update(chunk, 0, count);
            position += count;
        }
        return position > 0;
    }

    private void restart() throws IOException {
        file.truncate(0);
        restartDigest();
    }

    private void restartDigest() {
        position = 0;
        digest = blob.hash().digest(blob.bytes());
    }

    /** Whether what came has the hash that it must have; ends the digest. */
    private boolean isRight() {
        return ContentHash.hex(digest).equals(blob.hash().hex());
    }

    private void transfer() throws IOException {
        client.retries()
                .transfer(
                        blob.path(),
                        () -> {
                            attempt();
                            return null;
                        },
                        () -> position);
    }

    private void attempt() throws IOException {
        progress.report(blob.path(), position, blob.bytes());
        if (position == blob.bytes()) {
            return;
        }
        try (HubAnswer answer = client.open(blob, position)) {
            if (answer.status() == 200 && position > 0) { // the server knows no ranges
                restart();
            } else if (answer.status() != 200 && !goesOn(answer)) {
                restart();
                throw new TransientFailure("the server does not go on where the transfer broke", Duration.ZERO);
            }
            byte[] chunk = new byte[CHUNK];
            for (int count = answer.body().read(chunk);
                    count >= 0;
                    count = answer.body().read(chunk)) {
                if (position + count > blob.bytes()) {
                    restart();
                    throw new HubException(blob.path() + " is longer than the " + blob.bytes()
                            + " bytes that the hub tells: pull again, or check HF_ENDPOINT");
                }
                write(ByteBuffer.wrap(chunk, 0, count));
                digest.update(chunk, 0, count);
                position += count;
                progress.report(blob.path(), position, blob.bytes());
            }
        }
        if (position < blob.bytes()) {
            throw new TransientFailure(
                    "the transfer ended after " + position + " of " + blob.bytes() + " bytes", Duration.ZERO);
        }
    }

    /** Whether an answer is the part of the file from our position on. */
    private boolean goesOn(HubAnswer answer) {
        Matcher range = CONTENT_RANGE.matcher(answer.header("Content-Range").orElse(""));
        return answer.status() == 206
                && range.matches()
                && Long.parseLong(range.group(1)) == position
                && (range.group(2).equals("*") || Long.parseLong(range.group(2)) == blob.bytes());
    }

    private void write(ByteBuffer bytes) throws HubException {
        try {
            long at = position;
            while (bytes.hasRemaining()) {
                at += file.write(bytes, at);
            }
        } catch (IOException e) {
            throw new HubException(
                    blob.path() + " cannot be written (" + e.getMessage()
                            + "); what has come is kept, pull again to go on",
                    e);
        }
    }
}
