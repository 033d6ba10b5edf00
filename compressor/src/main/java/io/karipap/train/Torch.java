package io.karipap.train;

import io.karipap.linalg.LibTorch;
import io.karipap.model.Progress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Arrays as tensors and back. Tensors made outside of a {@link PointerScope} live until they are closed. */
final class Torch {
    private Torch() {}

    /** @throws IllegalStateException if there is no LibTorch for this platform */
    static void load(Progress progress) {
        LibTorch.load(
                progress::report, "training needs it: build with -Dnative.platform=PLATFORM, such as linux-arm64");
    }

    static Tensor tensor(float[] values, long[] shape, ScalarType type) {
        try (FloatPointer pointer = new FloatPointer(values);
                Tensor view = torch.from_blob(pointer, shape, new TensorOptions(ScalarType.Float))) {
            return type == ScalarType.Float ? view.clone() : view.to(type);
        }
    }

    static Tensor tensor(long[] values, long... shape) {
        try (LongPointer pointer = new LongPointer(values);
                Tensor view = torch.from_blob(pointer, shape, new TensorOptions(ScalarType.Long))) {
            return view.clone();
        }
    }

    static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        try (PointerScope _ = new PointerScope()) {
            tensor.to(ScalarType.Float).contiguous().data_ptr_float().get(values);
        }
        return values;
    }

    /** The parts of a flat vector by name. */
    static Map<String, Tensor> parts(Tensor flat, ParameterLayout layout) {
        TensorVector parts = flat.split_with_sizes(layout.sizes());
        List<TrainedTensor> tensors = layout.tensors();
        Map<String, Tensor> byName = new HashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            byName.put(tensors.get(i).name(), parts.get(i).view(tensors.get(i).dimensions()));
        }
        return byName;
    }
}
