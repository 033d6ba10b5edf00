package io.karipap.export;

import io.karipap.kernels.WeightRows;

/** A matrix as [in, out]; all of it is in memory from the first row to the last. */
final class TurnedRows implements WeightRows {
    private final WeightRows source;
    private float[] all;

    TurnedRows(WeightRows source) {
        this.source = source;
    }

    @Override
    public int rows() {
        return source.columns();
    }

    @Override
    public int columns() {
        return source.rows();
    }

    @Override
    public void read(int n, float[] out) {
        int rows = source.rows();
        int columns = source.columns();
        if (all == null) {
            all = new float[Math.multiplyExact(rows, columns)];
            float[] row = new float[columns];
            for (int r = 0; r < rows; r++) {
                source.read(r, row);
                for (int c = 0; c < columns; c++) {
                    all[c * rows + r] = row[c];
                }
            }
        }
        System.arraycopy(all, n * rows, out, 0, rows);
        if (n == columns - 1) {
            all = null;
        }
    }
}
