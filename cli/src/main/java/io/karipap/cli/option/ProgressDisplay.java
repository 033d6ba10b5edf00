package io.karipap.cli.option;

import io.karipap.model.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress on standard error: a bar in a terminal, one line per stage elsewhere. */
public final class ProgressDisplay implements Progress, AutoCloseable {
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();
    private String stage = "";
    private ProgressBar bar;

    @Override
    public synchronized void report(String newStage, long done, long total) {
        if (!newStage.equals(stage)) {
            close();
            stage = newStage;
            if (terminal) {
                bar = new ProgressBarBuilder()
                        .setTaskName(newStage)
                        .setInitialMax(total)
                        .setStyle(ProgressBarStyle.ASCII)
                        .build();
            } else {
                System.err.println(newStage + " …");
            }
        }
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public synchronized void status(String text) {
        if (bar != null) {
            bar.setExtraMessage(text);
        } else if (!terminal) {
            System.err.println(text);
        }
    }

    @Override
    public synchronized void notice(String sentence) {
        close();
        stage = "";
        System.err.println("karipap: " + sentence);
    }

    /** This display, from a second on. */
    public Progress unlessShort() {
        long start = System.nanoTime();
        return new Progress() {
            @Override
            public void report(String newStage, long done, long total) {
                if (System.nanoTime() - start > 1_000_000_000L) {
                    ProgressDisplay.this.report(newStage, done, total);
                }
            }

            @Override
            public void notice(String sentence) {
                ProgressDisplay.this.notice(sentence);
            }
        };
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
