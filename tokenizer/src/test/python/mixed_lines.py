"""Writes the lines that golden token ids are made of: a thousand seeded mixtures of scripts, code, emoji, spaces, numbers, controls."""
import json
import pathlib
import random

SNIPPETS = {
    "english": ["The quick brown fox jumps over the lazy dog.", "I can't believe it's 3 o'clock already, they've left!", "We'll see",
                "HELLO World", "don't DON'T Don’t", "state-of-the-art", "e.g., i.e., etc.", "“Quoted,” she said—softly…", "McDonald's iPhone",
                "antidisestablishmentarianism", "a", "Mr. Smith's house; her dogs' toys", "AND THEN WHAT?", "naïve café résumé"],
    "polish": ["Zażółć gęślą jaźń.", "Pchnąć w tę łódź jeża lub ośm skrzyń fig", "W Szczebrzeszynie chrząszcz brzmi w trzcinie", "ŁÓDŹ, Kraków i Gdańsk"],
    "code": ["def f(x):\n    return x**2 + 1", "for (int i = 0; i < n; i++) { a[i] += b[i]; }", "if (a != b && c >= d) {\n\t\tx->y();\n}",
             "SELECT * FROM users WHERE id='42';", "https://example.com/a/b?c=d&e=f#g", "<div class=\"x\">&amp;</div>", "camelCase snake_case XMLHttpRequest",
             "#include <stdio.h>\r\n", "// TODO: fix\n\n\n", "x = {'a': [1, 2.5e-3], \"b\": None}", "\\frac{a}{b}", "user@host:~/src$ ls -la | grep '^d'"],
    "chinese": ["今天天气很好，我们去公园吧。", "人工智能正在改变世界！", "「你好」", "機器學習", "北京2024年"],
    "japanese": ["吾輩は猫である。名前はまだ無い。", "カタカナとひらがな", "ﾊﾞﾅﾅ", "東京タワー", "ありがとうございます！"],
    "korean": ["안녕하세요 세계", "한국어", "서울특별시"],
    "arabic": ["مرحبا بالعالم", "السلام عليكم ورحمة الله", "١٢٣٤", "كِتَابٌ"],
    "hebrew": ["שלום עולם", "עִבְרִית"],
    "hindi": ["नमस्ते दुनिया", "हिन्दी में लिखा हुआ", "क्षत्रिय", "१२३"],
    "other": ["Привет, мир!", "Καλημέρα κόσμε", "สวัสดีชาวโลก", "Xin chào thế giới", "Türkçe İstanbul ıI", "ǅ ǆ Ǆ", "ﬁ ﬀ ﬃ", "ⅣⅫ", "①②⑩", "½ ¼ ²³", "Å Å Å"],
    "emoji": ["🙂", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇵🇱🇯🇵", "👍🏽", "❤️", "1️⃣", "😀😃😄", "🤷🏿‍♂️"],
    "spaces": [" ", "  ", "   ", "    ", "        ", " " * 17, " " * 40, "\t", "\t\t", "\n", "\n\n", "\n\n\n", "\r\n", " \n ", "\u00a0", "\u3000", "\u2003", "\u2028", "\u200b"],
    "numbers": ["0", "42", "123", "1234", "123456789", "3.14159", "1,000,000", "1e-10", "0xDEADBEEF", "2024-01-31", "٣", "99%", "$5.00", "№7"],
    "controls": ["\u0000", "\u0001", "\u001f", "\u007f", "\u0085", "\ufeff", "\ufffd", "\u0300", "e\u0301", "a\u0328\u0301", "\u202e"],
    "lookalikes": ["<|endoftext|", "<s", "[INST", "<pad", "<0x41", "▁", "▁▁", "##ing", "Ġ", "<|im_start", "[CLS"],
    "punctuation": ["...", "!!!", "?!", "--", "—", "***", "///", "==>", "«»", "、。", "'", "\"", "``", "~", "^_^", "(:", "¿¡"],
}


def lines(count=1000):
    choose = random.Random(20250101)
    kinds = sorted(SNIPPETS)
    result = []
    for _ in range(count):
        parts = []
        for _ in range(choose.randint(1, 9)):
            parts.append(choose.choice(SNIPPETS[choose.choice(kinds)]))
            parts.append(choose.choice(["", "", " ", " ", "\n"]))
        result.append("".join(parts))
    return result


if __name__ == "__main__":
    target = pathlib.Path(__file__).parent.parent / "resources/golden/mixed-lines.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(lines(), ensure_ascii=True, separators=(",\n", ":")) + "\n", encoding="utf-8")
