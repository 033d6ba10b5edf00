package io.karipap.ansatz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BondGridTest {
    @Test
    void smallMatricesHaveEveryBond() {
        assertEquals(100, BondGrid.next(99, 384));
        assertEquals(99, BondGrid.nearest(99.4, 384));
    }

    @Test
    void bondsOfLargeMatricesAreMultiplesOfABlockOrLessThanOne() {
        assertEquals(17, BondGrid.next(16, 2048));
        assertEquals(64, BondGrid.next(63, 2048));
        assertEquals(128, BondGrid.next(64, 2048));
        assertEquals(19, BondGrid.nearest(19.2, 2048));
        assertEquals(128, BondGrid.nearest(103, 2048));
        assertEquals(0, BondGrid.nearest(0.3, 2048));
    }
}
