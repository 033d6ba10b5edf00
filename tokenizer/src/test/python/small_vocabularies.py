"""Trains the small vocabularies under resources/vocabularies with the programs whose formats they have.

Usage: python small_vocabularies.py TEXT...    (needs the packages sentencepiece, tokenizers, gguf; TEXT: plain text files)
"""
import base64
import io
import json
import pathlib
import sys
import tempfile
import unicodedata

import gguf
import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from mixed_lines import SNIPPETS, lines

FOLDER = pathlib.Path(__file__).parent.parent / "resources/vocabularies"
TEKKEN = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+"
          r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def rules(path):
    """Some of NFKC's rules and SentencePiece's own for white space, small enough to commit."""
    found = {"\t": " ", "\n": " ", "\r": " ", "\u3000": " ", "\u00a0": " ", "\u2003": " ", "\u200b": "", "\u0001": "", "\u007f": ""}
    for code in [*range(0xA0, 0x100), *range(0x2460, 0x24F0), *range(0xFB00, 0xFB07), *range(0xFF01, 0xFF9E), 0x1C4, 0x1C5, 0x1C6, 0x2168, 0x216B]:
        if unicodedata.normalize("NFKC", chr(code)) != chr(code):
            found[chr(code)] = unicodedata.normalize("NFKC", chr(code))
    for base in "aeiouncszAEIOUNCSZ":
        for mark in "\u0301\u0308\u0328\u030a":
            for pair in (base + mark, base + mark + "\u0323"):
                if unicodedata.normalize("NFC", pair) != pair:
                    found[pair] = unicodedata.normalize("NFC", pair)
    for kana in range(0xFF66, 0xFF9E):
        for mark in "\uff9e\uff9f":
            composed = unicodedata.normalize("NFKC", chr(kana) + mark)
            if len(composed) == 1:
                found[chr(kana) + mark] = composed
    found["\u1100\u1161\u11a8"] = "\uac01"
    with open(path, "w", encoding="utf-8") as file:
        for source in sorted(found):
            file.write(" ".join(f"{ord(c):X}" for c in source) + "\t" + " ".join(f"{ord(c):X}" for c in found[source]) + "\n")


def sentence_piece(texts, name, **options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(texts), model_writer=model, minloglevel=2, num_threads=1, **options)
    (FOLDER / f"{name}.model").write_bytes(model.getvalue())
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model.getvalue())
    return proto


def unigram_json(proto):
    """The tokenizer.json that Transformers' converter makes of a T5 model."""
    pieces = [(piece.piece, piece.score) for piece in proto.pieces]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=proto.trainer_spec.unk_id, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap), normalizers.Strip(left=False, right=True),
        normalizers.Replace(Regex(" {2,}"), "▁")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(["<unk>", "</s>"])
    tokenizer.post_processor = processors.TemplateProcessing(single=["$A", "</s>"], special_tokens=[("</s>", tokenizer.token_to_id("</s>"))])
    tokenizer.save(str(FOLDER / "unigram.json"), pretty=False)


def word_piece(texts):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=1500, special_tokens=special, show_progress=False))
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(FOLDER / "wordpiece.json"), pretty=False)
    tokens = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
    (FOLDER / "bert").mkdir(exist_ok=True)
    (FOLDER / "bert/vocab.txt").write_text("".join(token + "\n" for token, _ in tokens), encoding="utf-8")
    (FOLDER / "bert/tokenizer_config.json").write_text('{"tokenizer_class":"BertTokenizer","do_lower_case":true,"strip_accents":null}\n')
    writer = gguf.GGUFWriter(FOLDER / "wordpiece.gguf", "bert")
    writer.add_tokenizer_model("bert")
    writer.add_token_list([t if t in special else t[2:] if t.startswith("##") else "▁" + t for t, _ in tokens])
    writer.add_token_types([3 if t in special else 1 for t, _ in tokens])
    writer.add_bos_token_id(2)
    writer.add_sep_token_id(3)
    writer.add_unk_token_id(1)
    save(writer)


def unigram_gguf(proto):
    writer = gguf.GGUFWriter(FOLDER / "unigram.gguf", "t5")
    writer.add_tokenizer_model("t5")
    writer.add_token_list([piece.piece for piece in proto.pieces])
    writer.add_token_scores([piece.score for piece in proto.pieces])
    writer.add_token_types([piece.type for piece in proto.pieces])
    writer.add_precompiled_charsmap(proto.normalizer_spec.precompiled_charsmap)
    writer.add_remove_extra_whitespaces(True)
    writer.add_add_space_prefix(True)
    writer.add_unk_token_id(proto.trainer_spec.unk_id)
    writer.add_eos_token_id(proto.trainer_spec.eos_id)
    save(writer)


def save(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def tekken(texts):
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(TEKKEN), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    trained.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=1200, show_progress=False))
    alphabet = {}
    spare = 256
    for byte in range(256):
        printable = 33 <= byte <= 126 or 161 <= byte <= 172 or byte >= 174
        alphabet[chr(byte if printable else spare)] = byte
        spare += not printable
    ranks = [bytes([byte]) for byte in range(256)]
    ranks += [token for left, right in json.loads(trained.to_str())["model"]["merges"]
              if (token := bytes(alphabet[c] for c in left + right)) not in ranks]
    ranks = list(dict.fromkeys(ranks))
    file = {"config": {"pattern": TEKKEN, "num_vocab_tokens": len(ranks), "default_vocab_size": len(ranks) - 50 + 100,
                       "default_num_special_tokens": 100, "version": "v3"},
            "vocab": [{"rank": rank, "token_bytes": base64.b64encode(token).decode(), "token_str": None} for rank, token in enumerate(ranks)]}
    (FOLDER / "tekken").mkdir(exist_ok=True)
    (FOLDER / "tekken/tekken.json").write_text(json.dumps(file, separators=(",", ":")))


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts = [line.strip() for path in sys.argv[1:] for line in open(path, encoding="utf-8") if line.strip()][:4000]
    texts += [snippet for kind in SNIPPETS.values() for snippet in kind if "\u0000" not in snippet] * 3
    texts += [line for line in lines() if "\u0000" not in line][:300]
    with tempfile.NamedTemporaryFile(suffix=".tsv") as table:
        rules(table.name)
        proto = sentence_piece(texts, "unigram", vocab_size=1500, model_type="unigram", normalization_rule_tsv=table.name,
                               unk_id=2, bos_id=-1, eos_id=1, pad_id=0, character_coverage=0.99)
        unigram_json(proto)
        unigram_gguf(proto)
        sentence_piece(texts, "unigram-bytes", vocab_size=1500, model_type="unigram", normalization_rule_tsv=table.name, byte_fallback=True,
                       user_defined_symbols=["<sep>", "▁▁", "don't", "①"], remove_extra_whitespaces=False, character_coverage=0.98)
    sentence_piece(texts, "gemma", vocab_size=2000, model_type="bpe", normalization_rule_name="identity", byte_fallback=True,
                   add_dummy_prefix=False, remove_extra_whitespaces=False, split_digits=True, allow_whitespace_only_pieces=True,
                   user_defined_symbols=["<start_of_turn>", "\n", "\n\n", "\n\n\n", *["▁" * n for n in range(2, 32)], "<div>"],
                   unk_id=3, bos_id=2, eos_id=1, pad_id=0, character_coverage=0.99)
    word_piece(texts)
    tekken(texts)


main()
