package io.karipap.train;

import io.karipap.directory.AtomicDirectory;
import io.karipap.format.ModelSource;
import io.karipap.format.SafetensorsWriter;
import io.karipap.format.TensorStore;
import io.karipap.json.Json;
import io.karipap.kernels.WeightRows;
import io.karipap.kernels.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Everything that a run needs to go on.
 *
 * @param state how far it has come
 * @param weights f32 [P]
 * @param mean first moments of the gradient [P]
 * @param square second moments [P]
 * @param best the weights that were best on the validation text [P]
 */
@SuppressWarnings("ArrayRecordComponent")
record Checkpoint(State state, float[] weights, float[] mean, float[] square, float[] best) {
    private static final String STATE = "state.json";

    /**
     * How far a run has come.
     *
     * @param run what it is a run of: options, model and texts
     * @param step steps done
     * @param firstNats validation loss before the first step, nats per token
     * @param bestNats lowest validation loss
     * @param bestStep where that was
     */
    record State(String run, long step, double firstNats, double bestNats, long bestStep) {}

    /** Writes it into a folder, then deletes those before it. */
    void write(Path folder) throws IOException {
        Path target = folder.resolve(String.format("step-%08d", state.step()));
        try (AtomicDirectory directory = AtomicDirectory.create(target, true)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            add(writer, "weights", weights);
            add(writer, "mean", mean);
            add(writer, "square", square);
            add(writer, "best", best);
            writer.write(directory.path().resolve("model.safetensors"), Map.of());
            Files.write(directory.path().resolve(STATE), Json.bytes(state));
            directory.commit();
        }
        for (Path old : steps(folder)) {
            if (!old.equals(target)) {
                AtomicDirectory.delete(old);
            }
        }
    }

    private static void add(SafetensorsWriter writer, String name, float[] values) {
        writer.add(name, WeightType.F32, List.of(values.length), WeightRows.of(1, values.length, values));
    }

    /**
     * The latest one of a folder.
     *
     * @throws IllegalArgumentException if it is of another run
     */
    static Optional<Checkpoint> latest(Path folder, String run) throws IOException {
        List<Path> steps = steps(folder);
        if (steps.isEmpty()) {
            return Optional.empty();
        }
        Path last = steps.getLast();
        JsonNode json = Json.parse(Files.readAllBytes(last.resolve(STATE)));
        State state = Json.read(json, State.class);
        if (!state.run().equals(run)) {
            throw new IllegalArgumentException(
                    folder + " holds checkpoints of a run with other options, texts or models; choose another folder or"
                            + " delete it");
        }
        try (TensorStore store = TensorStore.open(new ModelSource.Directory(last))) {
            return Optional.of(new Checkpoint(
                    state, read(store, "weights"), read(store, "mean"), read(store, "square"), read(store, "best")));
        }
    }

    private static float[] read(TensorStore store, String name) {
        return store.tensors().get(name).toFloats();
    }

    private static List<Path> steps(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("step-\\d+"))
                    .sorted()
                    .toList();
        }
    }
}
