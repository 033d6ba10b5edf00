package io.karipap.ansatz;

import io.karipap.operator.Operator;

/**
 * The size of a site's tensor, as it is stored: rows of elements that lie beside each other.
 *
 * @param like the operator in whose type it is stored where no other is chosen
 */
public record StoredMatrix(Operator like, long rows, long columns) {
    /** Stored numbers. */
    public long elements() {
        return rows * columns;
    }
}
