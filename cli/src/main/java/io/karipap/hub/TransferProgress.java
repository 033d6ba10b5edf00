package io.karipap.hub;

/** Is told how far a transfer is. */
public interface TransferProgress {
    /**
     * @param file path in the repository
     * @param done bytes that are there
     * @param total bytes of the file
     */
    void report(String file, long done, long total);

    /** Something that a user wants to know: a transfer broke and is tried again, another process is loading the file. */
    void note(String sentence);

    /** Tells nobody. */
    TransferProgress NONE = new TransferProgress() {
        @Override
        public void report(String file, long done, long total) {}

        @Override
        public void note(String sentence) {}
    };
}
