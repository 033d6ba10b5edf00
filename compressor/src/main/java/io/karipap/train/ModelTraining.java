package io.karipap.train;

import io.karipap.directory.AtomicDirectory;
import io.karipap.directory.ModelDirectory;
import io.karipap.directory.Sha256;
import io.karipap.format.ModelSource;
import io.karipap.json.Json;
import io.karipap.kernels.WeightType;
import io.karipap.model.ModelLoader;
import io.karipap.model.Progress;
import io.karipap.model.config.ModelConfig;
import io.karipap.network.NetworkFile;
import io.karipap.network.TensorNetwork;
import io.karipap.train.Objective.Distillation;
import io.karipap.train.Objective.NextToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.databind.node.ObjectNode;

/** Trains a model from one directory to another. */
public final class ModelTraining {

    private final TrainingTexts texts;
    private final TrainingOptions options;
    private final Progress progress;

    /**
     * @param texts to learn from and to measure on, in tokens of the model's tokenizer
     */
    public ModelTraining(TrainingTexts texts, TrainingOptions options, Progress progress) {
        this.texts = texts;
        this.options = options;
        this.progress = progress;
    }

    /**
     * Heals a compressed model: it learns to say what the dense model says. The result is the best on the validation texts, which may be
     * the model as it was.
     *
     * @param input Karipap directory, or a dense model
     * @param teacher the dense model that it was made from
     * @param output new directory
     * @param storage what matrices and sites are to be stored as
     * @param temperature at which the distributions are compared
     * @param share of the divergence from the teacher in the loss; the rest is cross-entropy with the text
     * @throws IOException if a file cannot be read or written
     * @throws io.karipap.format.ModelFormatException if a model is malformed
     * @throws IllegalArgumentException if the two have other vocabularies, or the checkpoints are of another run
     */
    public TrainingReport heal(Path input, Path teacher, Path output, Storage storage, double temperature, double share)
            throws IOException {
        if (!(temperature > 0) || !(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("the temperature is " + temperature + " and the share of the teacher "
                    + share + ", expected a positive number and one in (0, 1]");
        }
        Torch.load(progress);
        Trainee student = student(input, storage);
        Trainee dense = Trainee.read(teacher, null);
        if (student.config().vocabularySize() != dense.config().vocabularySize()) {
            throw new IllegalArgumentException(teacher + " has a vocabulary of "
                    + dense.config().vocabularySize() + " tokens, " + input + " one of "
                    + student.config().vocabularySize());
        }
        ObjectNode record = Json.object()
                .put("teacher_sha256", hash(dense.weights()))
                .put("temperature", temperature)
                .put("teacher_share", share);
        ScalarType passes = Trainer.type(options.precision());
        try (Tensor taught =
                        Torch.tensor(dense.weights(), new long[] {dense.layout().size()}, passes);
                TorchTransformer model = torchModel(dense)) {
            Map<String, Tensor> parts = Gradients.without(() -> Torch.parts(taught, dense.layout()));
            return train(student, input, output, new Distillation(model, parts, temperature, share), record);
        }
    }

    private Trainee student(Path input, Storage storage) throws IOException {
        return switch (storage) {
            case Storage.AsItIs _ -> Trainee.read(input, null);
            case Storage.OneType(WeightType type) -> Trainee.read(input, type);
            case Storage.Within(long bytes) -> {
                Trainee read = Trainee.read(input, null);
                torch.set_num_threads(options.threads());
                Sequences some = new Sequences(
                        texts.training(), texts.weights(), options.sequence(), options.batch(), options.seed());
                try (TorchTransformer model = torchModel(read)) {
                    ScalarType passes = Trainer.type(options.precision());
                    yield read.with(new BitAllocation(read, model, passes, progress)
                            .within(bytes, some.batch(0, options.batch())));
                }
            }
        };
    }

    /**
     * Goes on with the training of a model.
     *
     * @param input Hugging Face or Karipap directory, or GGUF file
     * @param output new directory
     */
    public TrainingReport continued(Path input, Path output) throws IOException {
        Torch.load(progress);
        return train(Trainee.read(input, null), input, output, new NextToken(), Json.object());
    }

    /**
     * Trains a model from random weights.
     *
     * @param metadata directory with the {@code config.json} and the tokenizer
     * @param networks a {@code network.json} whose networks the operators are to be; null for matrices
     * @param type what matrices and sites are stored as
     * @param output new directory
     */
    public TrainingReport fresh(Path metadata, Path networks, WeightType type, Path output) throws IOException {
        Torch.load(progress);
        ModelConfig config = ModelLoader.readConfig(ModelSource.of(metadata));
        Map<String, TensorNetwork> compressed = networks == null
                ? Map.of()
                : NetworkFile.parse(networks.toString(), Files.readAllBytes(networks))
                        .operators();
        Trainee trainee = Trainee.random(config, compressed, type, options.seed());
        return train(trainee, metadata, output, new NextToken(), Json.object());
    }

    private TorchTransformer torchModel(Trainee trainee) {
        return trainee.model(options.sequence(), Trainer.type(options.precision()));
    }

    private TrainingReport train(Trainee trainee, Path metadata, Path output, Objective objective, ObjectNode record)
            throws IOException {
        if (options.sequence() > trainee.config().maxPositions()) {
            throw new IllegalArgumentException("sequences of " + options.sequence()
                    + " tokens do not fit the context of " + trainee.config().maxPositions());
        }
        describe(record, trainee);
        String run = Sha256.of(record.toString());
        record.put("tokens", options.tokens()); // a run may be made longer or shorter while it is on
        long start = System.nanoTime();
        try (AtomicDirectory directory = AtomicDirectory.create(output, false);
                Trainer trainer = new Trainer(trainee.layout(), torchModel(trainee), texts, options, progress)) {
            Checkpoint end = trainer.train(run, trainee.weights(), objective);
            Checkpoint.State state = end.state();
            record.put("steps", state.step())
                    .put("best_step", state.bestStep())
                    .put("validation_before", state.firstNats())
                    .put("validation_after", state.bestNats());
            ModelDirectory.copyMetadata(metadata, directory.path());
            trainee.write(directory.path(), end.best(), record);
            for (String name : new String[] {LossCurve.NAME, LossCurve.PLOT}) {
                Files.copy(options.checkpoints().resolve(name), directory.path().resolve(name));
            }
            directory.commit();
            return new TrainingReport(
                    trainee.layout().size(),
                    state.step(),
                    state.bestStep(),
                    state.step() * options.batch() * options.sequence(),
                    state.firstNats(),
                    state.bestNats(),
                    Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** All that makes a run what it is; the machine does not. */
    private void describe(ObjectNode record, Trainee trainee) {
        record.put("weights_sha256", hash(trainee.weights()))
                .put("batch", options.batch())
                .put("sequence", options.sequence())
                .put("rate", options.rate())
                .put("warm_up", options.warmUp())
                .put("last_rate", options.lastRate())
                .put("weight_decay", options.decay())
                .put("clip", options.clip())
                .put("seed", options.seed())
                .put("precision", options.precision().name())
                .put("validation_tokens", options.validationTokens())
                .put("validate_every", options.validateEvery())
                .put("patience", options.patience());
        ObjectNode types = record.putObject("types");
        trainee.layout()
                .tensors()
                .forEach(tensor -> types.put(
                        tensor.type().name(), types.path(tensor.type().name()).asLong(0) + tensor.size()));
        ObjectNode training = record.putObject("training_texts");
        for (int i = 0; i < texts.training().size(); i++) {
            TokenText text = texts.training().get(i);
            training.putObject(text.name())
                    .put("tokens", text.ids().length)
                    .put("weight", texts.weights()[i])
                    .put("sha256", hash(text.ids()));
        }
        ObjectNode validation = record.putObject("validation_texts");
        texts.validation().forEach(text -> validation.put(text.name(), hash(text.ids())));
    }

    private static String hash(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        bytes.asFloatBuffer().put(values);
        return Sha256.of(bytes.array());
    }

    private static String hash(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        bytes.asIntBuffer().put(values);
        return Sha256.of(bytes.array());
    }
}
