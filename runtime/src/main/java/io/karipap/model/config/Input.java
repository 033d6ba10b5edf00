package io.karipap.model.config;

/** A place where an activation flows into one operator or several. */
public enum Input {
    /** Into q, k and v. */
    ATTENTION,
    /** Into o. */
    ATTENTION_OUTPUT,
    /** Into gate and up. */
    MLP,
    /** Into down. */
    MLP_OUTPUT,
    /** Into the output head. */
    HEAD
}
