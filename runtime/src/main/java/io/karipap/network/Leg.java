package io.karipap.network;

/** What an index of a network is. */
public enum Leg {
    /** A digit of the output feature. */
    OUT,
    /** A digit of the input feature. */
    IN,
    /** Shared by two sites or more and summed over; shared by more than two it is a copy tensor. */
    BOND
}
