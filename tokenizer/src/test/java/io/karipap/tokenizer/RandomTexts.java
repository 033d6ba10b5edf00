package io.karipap.tokenizer;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Seeded strings made to trip tokenizers: mixed scripts, emoji sequences, combining marks, controls, special-token look-alikes. */
final class RandomTexts {
    private static final String[] SNIPPETS = {
        "the",
        "The",
        " and",
        "don't",
        "I'LL",
        "we'Ve",
        "'s",
        "'",
        "''",
        "hello world",
        "  ",
        "   ",
        "\n",
        "\r\n",
        "\n\n",
        "\t",
        " \n ",
        "123",
        "3.14",
        "1,000,000",
        "²³",
        "½",
        "٣",
        "Ⅳ",
        "日本語",
        "中文字符",
        "한국어",
        "한",
        "Zażółć",
        "Привет",
        "مرحبا",
        "שלום",
        "नमस्ते",
        "ไทย",
        "é",
        "é",
        "Å",
        "ñ̃̃",
        "ﬁ",
        "ﬀ",
        "ǆ",
        "İ",
        "ß",
        "ſ",
        "K",
        "🙂",
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🇵🇱",
        "👍🏽",
        "\u0000",
        "\u0001",
        "\u001f",
        "\u007f",
        "\u0085",
        "\u00a0",
        "\u2028",
        "\u3000",
        "\u200b",
        "\ufeff",
        "\ufffd",
        "▁",
        "▁▁",
        "Ġ",
        "<|endoftext|",
        "<|endoftext|>",
        "<s>",
        "</s>",
        "<unk>",
        "<0x41>",
        "<|im_start|>x",
        "{}();",
        "if (a != b) {",
        "->",
        "...",
        "—",
        "“quoted”",
        "a_b",
        "camelCase",
        "http://a.b/c?d=e&f",
        "$12",
        "#tag",
        "@me",
        "…",
        "𝒳",
        "𐍈",
        "𠮷"
    };

    private final RandomGenerator random;
    private final List<String> specials;

    RandomTexts(long seed, List<String> specials) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.specials = specials;
    }

    String next() {
        StringBuilder text = new StringBuilder();
        int parts = random.nextInt(1, 12);
        for (int i = 0; i < parts; i++) {
            switch (random.nextInt(8)) {
                case 0 -> ascii(text);
                case 1 -> text.appendCodePoint(assigned());
                case 2 -> text.append(specials.isEmpty() ? "<x>" : specials.get(random.nextInt(specials.size())));
                case 3 -> text.append(" ");
                default -> text.append(SNIPPETS[random.nextInt(SNIPPETS.length)]);
            }
        }
        return text.toString();
    }

    private void ascii(StringBuilder text) {
        int length = random.nextInt(1, 20);
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(32, 127));
        }
    }

    /** Planes above the first, as far as Unicode has had them for long: libraries differ in what they know of the newest scripts. */
    private static final int[][] OLD_SUPPLEMENTARY = {
        {0x10000, 0x10780},
        {0x12000, 0x1239A},
        {0x13000, 0x1342F},
        {0x1D400, 0x1D800},
        {0x1F300, 0x1F650},
        {0x20000, 0x2A6D7}
    };

    /** An assigned code point; lone surrogates become U+FFFD. */
    private int assigned() {
        while (true) {
            int[] range = random.nextInt(4) == 0
                    ? OLD_SUPPLEMENTARY[random.nextInt(OLD_SUPPLEMENTARY.length)]
                    : new int[] {0x80, 0xFFFE};
            int codePoint = random.nextInt(range[0], range[1]);
            if (codePoint >= 0xD800 && codePoint < 0xE000) {
                return 0xFFFD;
            }
            if (Character.isDefined(codePoint)) {
                return codePoint;
            }
        }
    }
}
