"""Compares the tokenizer.json that `karipap export --format hf` makes of GGUF files with the GGUF files, by Hugging Face's own tokenizers.

    ./karipap export --model MODEL.gguf --format hf --weights BF16 --output DIRECTORY
    VENV/bin/pip install tokenizers transformers
    VENV/bin/python compressor/src/test/python/check-exported-tokenizers.py MODEL.gguf DIRECTORY [MODEL.gguf DIRECTORY ...]

A thousand mixed lines: ids of the directory by tokenizers, those of the GGUF file by `./karipap tokenize`, which is checked against
llama.cpp's vectors and the models' own tokenizers elsewhere. The chat template of both is that of the file.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tokenizers import Tokenizer
from transformers import AutoTokenizer

ROOT = Path(__file__).resolve().parents[4]
KARIPAP = os.environ.get("KARIPAP", str(ROOT / "karipap"))
LINES = json.loads((ROOT / "tokenizer/src/test/resources/golden/mixed-lines.json").read_text(encoding="utf-8"))

for gguf, directory in zip(sys.argv[1::2], sys.argv[2::2]):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write("".join(json.dumps(line) + "\n" for line in LINES))
        file.flush()
        output = subprocess.run(
            [KARIPAP, "tokenize", "--tokenizer", gguf, "--special", "--jsonl", file.name],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    expected = [json.loads(line) for line in output.splitlines()]
    tokenizer = Tokenizer.from_file(str(Path(directory) / "tokenizer.json"))
    found = [encoding.ids for encoding in tokenizer.encode_batch(LINES, add_special_tokens=True)]
    different = [i for i in range(len(LINES)) if expected[i] != found[i]]
    fast = AutoTokenizer.from_pretrained(directory)
    template = "with" if fast.chat_template else "without"
    print(f"{Path(gguf).name}: {len(different)} of {len(LINES)} lines differ; {template} a chat template", *different[:5])
