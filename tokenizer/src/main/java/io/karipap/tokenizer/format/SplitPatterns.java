package io.karipap.tokenizer.format;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Pre-tokenizer patterns by the names that GGUF files and tiktoken encodings give them; each pattern cuts the pieces of the one before.
 * The patterns are those of the models' own tokenizers.
 */
public final class SplitPatterns {
    /** GPT-2's. */
    public static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private static final String CL100K_HEAD = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
    private static final String CL100K_TAIL = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** Those of cl100k and Llama 3. */
    public static final String THREE_DIGITS = CL100K_HEAD + "\\p{N}{1,3}" + CL100K_TAIL;

    /** Qwen 2's. */
    public static final String ONE_DIGIT = CL100K_HEAD + "\\p{N}" + CL100K_TAIL;

    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String FIRST = "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "*" + LOWER + "+";
    private static final String SECOND = "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "+" + LOWER + "*";
    private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    private static final String O200K_TAIL = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** Those of o200k. */
    public static final String O200K = FIRST + CONTRACTION + "|" + SECOND + CONTRACTION + "|\\p{N}{1,3}" + O200K_TAIL;

    /** Those of Mistral's tekken. */
    public static final String TEKKEN = FIRST + "|" + SECOND + "|\\p{N}" + O200K_TAIL;

    /** Letters of scripts with case, as the DeepSeek models list them: modifier letters and uncased letters are left out. */
    private static final String CASED_LETTERS = "A-Za-z" + ranges("""
            B5 C0-D6 D8-F6 F8-1BA 1BC-1BF 1C4-293 295-2AF 370-373 376 377 37B-37D 37F 386 388-38A 38C 38E-3A1 3A3-3F5
            3F7-481 48A-52F 531-556 10A0-10C5 13A0-13F5 13F8-13FD 1C90-1CBA 1CBD-1CBF 1D00-1D2B 1D6B-1D77 1D79-1D9A
            1E00-1F15 1F18-1F1D 1F20-1F45 1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FBC 1FBE 1FC2-1FC4
            1FC6-1FCC 1FD0-1FD3 1FD6-1FDB 1FE0-1FEC 1FF2-1FF4 1FF6-1FFC 2102 2107 210A-2113 2115 2119-211D 2124 2126 2128
            212A-212D 212F-2134 2139 213C-213F 2145-2149 214E 2183 2184 2C00-2C7B 2C7E-2CE4 2CEB-2CEE 2CF2 2CF3 A640-A66D
            A680-A69B A722-A76F A771-A787 A78B-A78E AB70-ABBF FB00-FB06 FB13-FB17 FF21-FF3A FF41-FF5A 10400-1044F
            104B0-104D3 104D8-104FB 10C80-10CB2 10CC0-10CF2 118A0-118DF 1E900-1E943
            """);

    private static final String EAST_ASIAN = "[\\u4E00-\\u9FA5\\u0800-\\u4E00\\uAC00-\\uD7FF]+";

    /** One for each way to split, as models of that kind are called most often. */
    private static final List<String> NAMES = List.of(
            "gpt-2",
            "llama-bpe",
            "dbrx",
            "qwen2",
            "gpt-4o",
            "tekken",
            "smollm",
            "deepseek-v3",
            "deepseek-llm",
            "deepseek-coder",
            "falcon");

    private SplitPatterns() {}

    /** Ranges of code points in hexadecimal, as part of a character class. */
    private static String ranges(String hexadecimal) {
        return Pattern.compile("[0-9A-F]+")
                .matcher(hexadecimal)
                .replaceAll("\\\\x{$0}")
                .replaceAll("\\s", "");
    }

    /** The patterns of that name; none if it is not known. */
    public static List<String> named(String name) {
        return switch (name) {
            case "gpt-2",
                    "gpt2",
                    "r50k_base",
                    "p50k_base",
                    "phi-2",
                    "mpt",
                    "olmo",
                    "jais",
                    "exaone4",
                    "trillion",
                    "granite-docling" -> List.of(GPT2);
            case "llama-bpe",
                    "llama3",
                    "llama-v3",
                    "falcon3",
                    "falcon-h1",
                    "pixtral",
                    "lfm2",
                    "cl100k_base",
                    "dbrx",
                    "smaug-bpe",
                    "glm4",
                    "chatglm-bpe" -> List.of(THREE_DIGITS);
            case "qwen2", "qwen", "stablelm2", "deepseek-r1-qwen", "hunyuan", "megrez", "kormo" -> List.of(ONE_DIGIT);
            case "gpt-4o", "o200k_base", "llama4", "kanana2" -> List.of(O200K);
            case "tekken" -> List.of(TEKKEN);
            case "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b" ->
                List.of("\\p{N}", GPT2);
            case "deepseek-v3", "hunyuan-dense", "joyai-llm" ->
                List.of(
                        "\\p{N}{1,3}",
                        "[\\u4E00-\\u9FA5\\u3040-\\u309F\\u30A0-\\u30FF]+",
                        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                                + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
            case "falcon" -> List.of("[\\p{P}\\$\\+<=>\\^~\\|`]+", GPT2, "[0-9][0-9][0-9]");
            case "deepseek-llm" ->
                List.of(
                        "[\\r\\n]",
                        "\\s?[" + CASED_LETTERS + "]+",
                        "\\s?[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3000-\\u3002]+",
                        "\\s+$",
                        EAST_ASIAN,
                        "\\p{N}");
            case "deepseek-coder" -> List.of("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", EAST_ASIAN, "\\p{N}");
            default -> List.of();
        };
    }

    /** Whether a piece that is itself a token is taken whole, whatever the merges say. */
    public static boolean wholePieceFirst(String name) {
        return switch (name) {
            case "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2", "tekken" -> true;
            default -> false;
        };
    }

    /** Whether a token that begins the text is put before it where the file does not say. */
    public static boolean addsBegin(String name) {
        return wholePieceFirst(name);
    }

    /**
     * The name under which llama.cpp splits so, the one of most models; empty if it has none.
     *
     * @param wholePieceFirst as {@link #wholePieceFirst}
     */
    public static Optional<String> nameOf(List<String> patterns, boolean wholePieceFirst) {
        return NAMES.stream()
                .filter(name -> named(name).equals(patterns) && wholePieceFirst(name) == wholePieceFirst)
                .findFirst();
    }
}
