package io.karipap.compress;

import io.karipap.budget.Option;
import io.karipap.format.SafetensorsWriter;
import io.karipap.format.Tensor;
import io.karipap.format.TensorRows;
import io.karipap.format.TensorStore;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import io.karipap.network.Site;
import io.karipap.operator.OperatorNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the weights of a compressed model: what stayed dense under its own name, and sites. */
final class ModelWriter {
    private ModelWriter() {}

    static void write(Path output, TensorStore store, List<Option> chosen, Map<String, OperatorNetwork> built)
            throws IOException {
        Map<String, Option> options = new HashMap<>();
        chosen.forEach(option -> option.operators().forEach(name -> options.put(name, option)));
        SafetensorsWriter writer = new SafetensorsWriter();
        Set<String> written = new HashSet<>();
        for (Tensor tensor : store.tensors().values()) {
            Option option = options.get(tensor.name());
            OperatorNetwork network = built.get(tensor.name());
            WeightType type =
                    option == null ? tensor.fileType() : option.stored().type(tensor.fileType());
            if (network != null) {
                for (Site site : network.network().sites()) {
                    if (written.add(site.tensor())) {
                        List<Integer> shape = network.network().shape(site);
                        float[] data = network.floats(site.tensor());
                        int columns = shape.getLast();
                        writer.add(site.tensor(), type, shape, WeightRows.of(data.length / columns, columns, data));
                    }
                }
            } else if (type == tensor.fileType()) {
                writer.add(tensor);
            } else {
                writer.add(tensor.name(), type, tensor.shape(), new TensorRows(tensor));
            }
        }
        writer.write(output.resolve("model.safetensors"), Map.of("format", "pt"));
    }
}
