package io.karipap.model;

import io.karipap.kernels.KvBlock;
import java.util.HashMap;
import java.util.Map;

/** A full block that other sequences with the same tokens up to here may use: a node of a tree whose root is the empty text. */
final class SharedKvBlock {
    private final SharedKvBlock parent;
    private final TokenRun tokens;
    private final KvBlock block;
    private final Map<TokenRun, SharedKvBlock> children = new HashMap<>();
    private int references;

    SharedKvBlock(SharedKvBlock parent, TokenRun tokens, KvBlock block) {
        this.parent = parent;
        this.tokens = tokens;
        this.block = block;
    }

    KvBlock block() {
        return block;
    }

    SharedKvBlock child(TokenRun run) {
        return children.get(run);
    }

    /** Appends a block that nothing refers to yet. */
    SharedKvBlock add(TokenRun run, KvBlock child) {
        SharedKvBlock node = new SharedKvBlock(this, run, child);
        children.put(run, node);
        return node;
    }

    void detach() {
        parent.children.remove(tokens);
    }

    boolean referenced() {
        return references > 0;
    }

    /** Counts one more user; returns whether it is the first. */
    boolean reference() {
        return references++ == 0;
    }

    /** Counts one user less; returns whether it was the last. */
    boolean release() {
        return --references == 0;
    }
}
