package io.karipap.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model's tokenizer: text to token ids and back. Immutable and safe for any number of threads.
 *
 * @since 0.1
 */
public final class Tokenizer {
    private final TokenModel model;
    private final Normalizer normalizer;
    private final PreTokenizer preTokenizer;
    private final TokenDecoder decoder;
    private final int[] prefix;
    private final int[] suffix;
    private final Map<Integer, AddedToken> added = new HashMap<>();
    private final AddedTokens rawAdded;
    private final AddedTokens normalizedAdded;
    private final int vocabularySize;
    private final boolean needsOrigins;
    private final Optional<FillInMiddle> fillInMiddle;

    Tokenizer(TokenizerParts parts) {
        this.model = parts.model();
        this.normalizer = parts.normalizer();
        this.preTokenizer = parts.preTokenizer();
        this.decoder = parts.decoder();
        this.prefix = parts.prefix();
        this.suffix = parts.suffix();
        List<AddedToken> raw = new ArrayList<>();
        List<AddedToken> normalized = new ArrayList<>();
        int size = model.vocabulary().size();
        for (AddedToken token : parts.added()) {
            added.put(token.id(), token);
            (token.normalized() ? normalized : raw).add(token);
            size = Math.max(size, token.id() + 1);
        }
        vocabularySize = size;
        rawAdded = new AddedTokens(raw, raw.stream().map(AddedToken::content).toList());
        normalizedAdded = new AddedTokens(
                normalized,
                normalized.stream()
                        .map(token -> normalizer == null ? token.content() : normalizer.spelling(token.content()))
                        .toList());
        needsOrigins = parts.needsOrigins();
        fillInMiddle = FillInMiddle.of(this, parts.fillInMiddle());
    }

    /**
     * Reads a tokenizer.
     *
     * @param path a Hugging Face {@code tokenizer.json}, Mistral's {@code tekken.json}, a SentencePiece {@code tokenizer.model} or
     *     {@code spiece.model}, GPT-2 style {@code vocab.json} beside {@code merges.txt}, BERT's {@code vocab.txt}, a {@code .tiktoken}
     *     file named after its encoding, a {@code .gguf} file, or a directory that holds one of these: the first of this list counts
     * @throws IOException if the file cannot be read
     * @throws TokenizerException if the file is malformed or asks for something unsupported; the message names it
     */
    public static Tokenizer load(Path path) throws IOException {
        return TokenizerLoader.load(path);
    }

    /**
     * Reads a tokenizer.json that is already in memory.
     *
     * @param file name for messages
     * @throws TokenizerException if it is malformed or asks for something unsupported
     */
    public static Tokenizer read(String file, byte[] json) {
        return TokenizerLoader.read(file, json);
    }

    /** Token ids of {@code text}, without template, special tokens being plain text. */
    public int[] encode(String text) {
        return encode(text, EncodeOptions.PLAIN);
    }

    /** Token ids of {@code text}. */
    public int[] encode(String text, EncodeOptions options) {
        TokenBuffer out = new TokenBuffer(text.length() / 3 + 8, false);
        encode(text, options, null, out);
        return out.ids();
    }

    /**
     * As {@link EncodeOptions#PARSED}, except that no special token begins at the characters in {@code plain}: there its spelling is
     * text.
     */
    public int[] encodeParsed(String text, BitSet plain) {
        TokenBuffer out = new TokenBuffer(text.length() / 3 + 8, false);
        encode(text, EncodeOptions.PARSED, plain, out);
        return out.ids();
    }

    /** The special token that is put before every prompt, such as a beginning of text. */
    public OptionalInt startToken() {
        return prefix.length > 0 && isSpecial(prefix[0]) ? OptionalInt.of(prefix[0]) : OptionalInt.empty();
    }

    /** The ids with {@link #startToken} before them, where there is one and they do not begin with it already. */
    public int[] withStart(int[] ids) {
        OptionalInt start = startToken();
        if (start.isEmpty() || ids.length > 0 && ids[0] == start.getAsInt()) {
            return ids;
        }
        return IntStream.concat(IntStream.of(start.getAsInt()), Arrays.stream(ids))
                .toArray();
    }

    /** How a text is asked for that stands between two others; absent where the vocabulary has no tokens for it. */
    public Optional<FillInMiddle> fillInMiddle() {
        return fillInMiddle;
    }

    /** Token ids with the characters and bytes that each covers. */
    public Encoding encodeWithOffsets(String text, EncodeOptions options) {
        TokenBuffer out = new TokenBuffer(text.length() / 3 + 8, true);
        encode(text, options, null, out);
        return out.encoding(text);
    }

    /** The text of {@code ids}, special tokens left out. */
    public String decode(int[] ids) {
        return decode(ids, true);
    }

    /**
     * The text of {@code ids}.
     *
     * @throws IllegalArgumentException if the vocabulary lacks one of the ids
     */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        StreamingDecoder stream = streamingDecoder(skipSpecialTokens);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.next(id));
        }
        return text.append(stream.finish()).toString();
    }

    /** A decoder for one stream of tokens. */
    public StreamingDecoder streamingDecoder(boolean skipSpecialTokens) {
        return new StreamingDecoder(this, decoder, id -> skipSpecialTokens && isSpecial(id));
    }

    /** A decoder for one stream of tokens that leaves out special tokens but those in {@code shown}. */
    public StreamingDecoder streamingDecoder(Set<Integer> shown) {
        return new StreamingDecoder(this, decoder, id -> isSpecial(id) && !shown.contains(id));
    }

    /** Ids of all special tokens. */
    public Set<Integer> specialTokens() {
        return added.values().stream()
                .filter(AddedToken::special)
                .map(AddedToken::id)
                .collect(Collectors.toSet());
    }

    /** One more than the largest token id. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /** The id of the token spelled {@code token} in the vocabulary. */
    public OptionalInt id(String token) {
        for (AddedToken candidate : added.values()) {
            if (candidate.content().equals(token)) {
                return OptionalInt.of(candidate.id());
            }
        }
        int id = model.vocabulary().id(token);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The spelling of {@code id} in the vocabulary, if there is such a token. */
    public Optional<String> token(int id) {
        return Optional.ofNullable(spelling(id));
    }

    /** As {@link #token}, or null. */
    String spelling(int id) {
        AddedToken token = added.get(id);
        return token != null ? token.content() : model.vocabulary().token(id);
    }

    /**
     * The bytes that {@code id} stands for, by itself.
     *
     * @throws IllegalArgumentException if the vocabulary has no such id
     */
    public byte[] tokenBytes(int id) {
        String token = spelling(id);
        if (token == null) {
            throw new IllegalArgumentException("token id " + id + " is not in the vocabulary of " + vocabularySize);
        }
        Byte value = decoder.style() == TokenDecoder.Style.BYTE_FALLBACK ? TokenDecoder.byteOf(token) : null;
        return value != null ? new byte[] {value} : decoder.bytes(token);
    }

    /** Whether {@code id} is a special token, such as a beginning or an end of text. */
    public boolean isSpecial(int id) {
        AddedToken token = added.get(id);
        return token != null && token.special();
    }

    private void encode(String text, EncodeOptions options, BitSet plain, TokenBuffer out) {
        if (options.addSpecialTokens()) {
            for (int id : prefix) {
                out.add(id, 0, 0);
            }
        }
        Text source = Text.of(text, out.tracked() || needsOrigins || plain != null);
        Symbols symbols = new Symbols();
        rawAdded.split(source, options.parseSpecialTokens(), plain, new AddedTokens.Parts() {
            @Override
            public void text(int start, int end) {
                encodeNormalized(normalize(source.slice(start, end)), options, plain, symbols, out);
            }

            @Override
            public void token(AddedToken token, int start, int end) {
                out.add(token.id(), start, end);
            }
        });
        if (options.addSpecialTokens()) {
            for (int id : suffix) {
                out.add(id, text.length(), text.length());
            }
        }
    }

    private void encodeNormalized(Text text, EncodeOptions options, BitSet plain, Symbols symbols, TokenBuffer out) {
        PieceSink sink = (piece, start, end) -> model.encode(piece, start, end, symbols, out);
        normalizedAdded.split(text, options.parseSpecialTokens(), plain, new AddedTokens.Parts() {
            @Override
            public void text(int start, int end) {
                preTokenizer.split(text, start, end, sink);
            }

            @Override
            public void token(AddedToken token, int start, int end) {
                out.add(token.id(), text.originStart(start), text.originEnd(end - 1));
            }
        });
    }

    private Text normalize(Text text) {
        return normalizer == null ? text : normalizer.apply(text);
    }
}
