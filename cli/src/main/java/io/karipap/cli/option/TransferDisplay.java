package io.karipap.cli.option;

import io.karipap.hub.ByteCount;
import io.karipap.hub.TransferProgress;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Transfers on standard error: a bar with size, speed and time left in a terminal, one line a file elsewhere. */
public final class TransferDisplay implements TransferProgress, AutoCloseable {
    private static final long KILOBYTE = 1_000;
    private static final long MEGABYTE = 1_000_000;
    private static final int NAME_WIDTH = 40;

    private final boolean terminal =
            System.console() != null && System.console().isTerminal();
    private String file = "";
    private ProgressBar bar;

    @Override
    public synchronized void report(String newFile, long done, long total) {
        if (!newFile.equals(file)) {
            close();
            file = newFile;
            if (terminal) {
                bar = new ProgressBarBuilder()
                        .setTaskName(
                                newFile.length() > NAME_WIDTH
                                        ? "…" + newFile.substring(newFile.length() - NAME_WIDTH + 1)
                                        : newFile)
                        .setInitialMax(total)
                        .startsFrom(done, Duration.ZERO)
                        .setUnit(total < MEGABYTE ? " KB" : " MB", total < MEGABYTE ? KILOBYTE : MEGABYTE)
                        .showSpeed()
                        .setStyle(ProgressBarStyle.ASCII)
                        .build();
            } else {
                System.err.println(newFile + " (" + ByteCount.text(total)
                        + (done > 0 ? ", " + ByteCount.text(done) + " are there" : "") + ") …");
            }
        }
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public synchronized void note(String sentence) {
        close();
        file = "";
        System.err.println(sentence);
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
