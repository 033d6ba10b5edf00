"""Writes resources/golden/ids.json: the token ids that the reference programs give for the mixed lines, as a hash for every twenty lines
and a few lines in full.

Usage: python golden_ids.py REAL_MODELS SHARED    (needs the packages tokenizers, transformers, sentencepiece, mistral-common, gguf;
REAL_MODELS: folder of the GGUF files; vocabularies that mistral-common carries are copied to REAL_MODELS/mistral; SHARED: shared data)
"""
import base64
import hashlib
import json
import pathlib
import shutil
import sys
import tempfile

import mistral_common
import sentencepiece
from gguf import GGUFReader
from mistral_common.tokens.tokenizers.tekken import Tekkenizer
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer, pre_tokenizers
from transformers.integrations.gguf.gguf_tokenizer_mapping import GGUF_TOKENIZER_MAPPING, convert_gguf_tokenizer

RESOURCES = pathlib.Path(__file__).parent.parent / "resources"
LINES = json.loads((RESOURCES / "golden/mixed-lines.json").read_text(encoding="utf-8"))
SMALL = RESOURCES / "vocabularies"
EXAMPLES = [7, 311, 878]


def sentence_piece(path):
    """Unknown tokens are left out of decoded texts, as special tokens are elsewhere; SentencePiece writes ⁇ for them."""
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return (lambda line: processor.encode(line)), (lambda ids: processor.decode([i for i in ids if i != processor.unk_id()]))


def hugging_face(path):
    tokenizer = Tokenizer.from_file(str(path))
    return (lambda line: tokenizer.encode(line, add_special_tokens=False).ids), (lambda ids: tokenizer.decode(ids))


def transformers_gguf(path, pre_tokenizer=None):
    """The tokenizer that Transformers makes of a GGUF file's metadata (its reader of metadata wants torch, gguf's does not).

    It does not know all pre-tokenizers by name: pre_tokenizer is that of the model's own tokenizer.json.
    """
    fields = GGUFReader(path).fields
    names = GGUF_TOKENIZER_MAPPING["tokenizer"]
    contents = {name: fields["tokenizer." + key].contents() for key, name in names.items() if "tokenizer." + key in fields}
    tokenizer, _ = convert_gguf_tokenizer(fields["general.architecture"].contents(), contents)
    tokenizer.pre_tokenizer = pre_tokenizer or tokenizer.pre_tokenizer
    return (lambda line: tokenizer.encode(line, add_special_tokens=False).ids), (lambda ids: tokenizer.decode(ids))


def sentence_piece_of_gguf(path):
    """SentencePiece itself with the pieces, scores and types that a GGUF file holds."""
    reader = GGUFReader(path)
    field = lambda name: reader.fields["tokenizer.ggml." + name]
    proto = sentencepiece_model_pb2.ModelProto()
    proto.trainer_spec.model_type = 2
    proto.trainer_spec.byte_fallback = True
    unknown = field("unknown_token_id").contents()
    for i, (token, score, kind) in enumerate(zip(field("tokens").contents(), field("scores").contents(), field("token_type").contents())):
        piece = proto.pieces.add()
        # llama.cpp's converter spells user-defined pieces with spaces
        piece.piece, piece.score, piece.type = token.replace(" ", "▁") if kind == 4 else token, score, 2 if i == unknown else kind
    proto.trainer_spec.unk_id = unknown
    proto.normalizer_spec.name = "identity"
    proto.normalizer_spec.add_dummy_prefix = "tokenizer.ggml.add_space_prefix" not in reader.fields
    proto.normalizer_spec.remove_extra_whitespaces = False
    with tempfile.NamedTemporaryFile(suffix=".model") as file:
        file.write(proto.SerializeToString())
        file.flush()
        return sentence_piece(file.name)


def tekken(path):
    tokenizer = Tekkenizer.from_file(path)
    return (lambda line: tokenizer.encode(line, bos=False, eos=False)), (lambda ids: tokenizer.decode(ids))


def golden(encode, decode):
    ids = [encode(line) for line in LINES]
    hashes = []
    texts = []
    for start in range(0, len(LINES), 20):
        block = "".join(",".join(map(str, line)) + "\n" for line in ids[start:start + 20])
        hashes.append(hashlib.sha256(block.encode()).hexdigest()[:12])
        decoded = "".join(decode(line) + "\n" for line in ids[start:start + 20])
        texts.append(hashlib.sha256(decoded.encode()).hexdigest()[:12])
    return {"ids": hashes, "texts": texts, "examples": {str(i): ids[i] for i in EXAMPLES}}


def main():
    real = pathlib.Path(sys.argv[1]).expanduser()
    shared = pathlib.Path(sys.argv[2])
    mistral = real / "mistral"
    mistral.mkdir(exist_ok=True)
    data = pathlib.Path(mistral_common.__file__).parent / "data"
    for source, target in [("tekken_240911.json", "tekken.json"), ("mistral_instruct_tokenizer_240323.model.v3", "tokenizer.model.v3"),
                           ("mistral_instruct_tokenizer_241114.model.v7", "tokenizer.model.v7")]:
        shutil.copyfile(data / source, mistral / target)
    cases = {
        "unigram.model": ("sentencepiece", sentence_piece(SMALL / "unigram.model")),
        "unigram.gguf": ("sentencepiece", sentence_piece(SMALL / "unigram.model")),
        "unigram-bytes.model": ("sentencepiece", sentence_piece(SMALL / "unigram-bytes.model")),
        "gemma.model": ("sentencepiece", sentence_piece(SMALL / "gemma.model")),
        "unigram.json": ("tokenizers", hugging_face(SMALL / "unigram.json")),
        "wordpiece.json": ("tokenizers", hugging_face(SMALL / "wordpiece.json")),
        "bert": ("tokenizers", hugging_face(SMALL / "wordpiece.json")),
        "wordpiece.gguf": ("tokenizers", hugging_face(SMALL / "wordpiece.json")),
        "tekken": ("mistral-common", tekken(SMALL / "tekken/tekken.json")),
        "real:SmolLM2-135M-Instruct.Q4_1.gguf": ("transformers", transformers_gguf(
            real / "SmolLM2-135M-Instruct.Q4_1.gguf", pre_tokenizers.Sequence([
                pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]))),
        "real:Qwen2.5-Coder-0.5B-Instruct.Q4_K_M.gguf":
            ("transformers", transformers_gguf(real / "Qwen2.5-Coder-0.5B-Instruct.Q4_K_M.gguf")),
        "real:gemma-3-270m.Q4_K_M.gguf": ("sentencepiece", sentence_piece_of_gguf(real / "gemma-3-270m.Q4_K_M.gguf")),
        "real:mistral/tekken.json": ("mistral-common", tekken(mistral / "tekken.json")),
        "real:mistral/tokenizer.model.v3": ("sentencepiece", sentence_piece(mistral / "tokenizer.model.v3")),
        "real:mistral/tokenizer.model.v7": ("sentencepiece", sentence_piece(mistral / "tokenizer.model.v7")),
        "shared:data/tokenizers/llama2/tokenizer.model": ("sentencepiece", sentence_piece(shared / "data/tokenizers/llama2/tokenizer.model")),
        "shared:data/tokenizers/tinyllama_hf": ("tokenizers", hugging_face(shared / "data/tokenizers/tinyllama_hf/tokenizer.json")),
    }
    result = {name: {"reference": reference, **golden(*program)} for name, (reference, program) in cases.items()}
    text = json.dumps(result, separators=(",", ":")).replace("},\"", "},\n\"")
    (RESOURCES / "golden/ids.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
