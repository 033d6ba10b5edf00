package io.karipap.train;

import io.karipap.model.config.Rope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Turns heads by their positions, as the runtime does; components that do not turn are multiplied by one. */
final class TorchRope implements AutoCloseable {
    private final Tensor cos; // [T, 1, H]
    private final Tensor sin;
    private final Tensor halves; // [H, H], x·halves = (−x₂, x₁)

    /**
     * @param context most positions of a sequence, which frequencies may depend on
     * @param headDim H
     * @param length T
     */
    TorchRope(Rope rope, int context, int headDim, int length, ScalarType type) {
        double[] frequencies = rope.frequencies(context);
        int half = frequencies.length;
        float[] c = new float[length * headDim];
        float[] s = new float[length * headDim];
        for (int t = 0; t < length; t++) {
            for (int i = 0; i < headDim; i++) {
                boolean turns = i < 2 * half;
                double angle = turns ? t * frequencies[i % half] : 0;
                double magnitude = turns ? rope.magnitude() : 1;
                c[t * headDim + i] = (float) (Math.cos(angle) * magnitude);
                s[t * headDim + i] = (float) (Math.sin(angle) * magnitude);
            }
        }
        float[] turn = new float[headDim * headDim];
        for (int i = 0; i < half; i++) {
            turn[(i + half) * headDim + i] = -1;
            turn[i * headDim + i + half] = 1;
        }
        cos = Torch.tensor(c, new long[] {length, 1, headDim}, type);
        sin = Torch.tensor(s, new long[] {length, 1, headDim}, type);
        halves = Torch.tensor(turn, new long[] {headDim, headDim}, type);
    }

    /**
     * @param heads [B, T, heads, H]
     */
    Tensor turned(Tensor heads) {
        return torch.addcmul(heads.mul(cos), heads.matmul(halves), sin);
    }

    @Override
    public void close() {
        cos.close();
        sin.close();
        halves.close();
    }
}
