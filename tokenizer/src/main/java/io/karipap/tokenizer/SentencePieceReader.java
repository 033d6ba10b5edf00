package io.karipap.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** Reads a SentencePiece {@code tokenizer.model} of the BPE kind (sentencepiece_model.proto). */
final class SentencePieceReader {
    private static final int MODEL_TYPE_BPE = 2;

    private final List<String> pieces = new ArrayList<>();
    private final List<Float> scores = new ArrayList<>();
    private final List<PieceType> types = new ArrayList<>();
    private long modelType = 1;
    private long beginId = 1;
    private boolean addSpace = true;
    private boolean collapseSpaces = true;

    private SentencePieceReader() {}

    /** @throws TokenizerException if the file is malformed or not a BPE model */
    static TokenizerParts read(byte[] bytes) {
        SentencePieceReader reader = new SentencePieceReader();
        reader.readModel(new ProtobufReader(bytes));
        return reader.parts();
    }

    private void readModel(ProtobufReader model) {
        for (int field = model.nextField(); field != 0; field = model.nextField()) {
            switch (field) {
                case 1 -> readPiece(model.message());
                case 2 -> readTrainer(model.message());
                case 3 -> readNormalizer(model.message());
                default -> model.skip();
            }
        }
    }

    private void readPiece(ProtobufReader piece) {
        String text = "";
        float score = 0;
        PieceType type = PieceType.NORMAL;
        for (int field = piece.nextField(); field != 0; field = piece.nextField()) {
            switch (field) {
                case 1 -> text = piece.string();
                case 2 -> score = piece.float32();
                case 3 -> type = PieceType.of(piece.number());
                default -> piece.skip();
            }
        }
        pieces.add(text);
        scores.add(score);
        types.add(type);
    }

    private void readTrainer(ProtobufReader trainer) {
        for (int field = trainer.nextField(); field != 0; field = trainer.nextField()) {
            switch (field) {
                case 3 -> modelType = trainer.number();
                case 24 -> {
                    if (trainer.number() != 0) {
                        throw new TokenizerException("treat_whitespace_as_suffix is not supported");
                    }
                }
                case 41 -> beginId = (int) trainer.number();
                default -> trainer.skip();
            }
        }
    }

    private void readNormalizer(ProtobufReader normalizer) {
        for (int field = normalizer.nextField(); field != 0; field = normalizer.nextField()) {
            switch (field) {
                case 2 -> {
                    if (normalizer.skipBytes() > 0) {
                        throw new TokenizerException("a precompiled character map (Precompiled) is not supported");
                    }
                }
                case 3 -> addSpace = normalizer.number() != 0;
                case 4 -> collapseSpaces = normalizer.number() != 0;
                case 5 -> {
                    if (normalizer.number() == 0) {
                        throw new TokenizerException("escape_whitespaces = false is not supported");
                    }
                }
                default -> normalizer.skip();
            }
        }
    }

    private TokenizerParts parts() {
        if (modelType != MODEL_TYPE_BPE) {
            throw new TokenizerException("model type " + modelType + " is not supported, expected BPE ("
                    + MODEL_TYPE_BPE + "); 1 is Unigram");
        }
        if (pieces.isEmpty() || pieces.size() > Vocabulary.MAX_ID) {
            throw new TokenizerException("has " + pieces.size() + " pieces, expected 1.." + Vocabulary.MAX_ID);
        }
        double[] priorities = scores.stream().mapToDouble(Float::doubleValue).toArray();
        int begin = beginId >= 0 && beginId < pieces.size() ? (int) beginId : -1;
        return new ScoredVocabulary(
                        pieces.toArray(String[]::new),
                        priorities,
                        types.toArray(PieceType[]::new),
                        addSpace,
                        collapseSpaces,
                        begin,
                        -1)
                .parts();
    }
}
