package io.karipap.grammar;

/** One byte of a set. */
record OneByte(ByteSet bytes) implements Grammar {}
