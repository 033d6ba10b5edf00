"""Has transformers compute the logits of Hugging Face directories and compares them with the goldens.

    VENV/bin/python runtime/src/test/python/transformers-logits.py runtime/src/test/resources/io/karipap/model/gguf DIRECTORY

DIRECTORY holds a directory NAME for names of goldens.json, as `./karipap export --format hf --weights BF16` makes them of NAME.gguf.
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file

goldens = Path(sys.argv[1])
expected = load_file(goldens / "model.safetensors")
for name, ids in json.loads((goldens / "goldens.json").read_text()).items():
    model = transformers.AutoModelForCausalLM.from_pretrained(
        Path(sys.argv[2]) / name, dtype=torch.float32, attn_implementation="eager"
    )
    with torch.no_grad():
        found = model.eval()(torch.tensor([ids])).logits[0]
    tokenizer = transformers.AutoTokenizer.from_pretrained(Path(sys.argv[2]) / name)
    print(f"{name:20} largest difference {(found - expected[name]).abs().max():.2e}, {len(tokenizer)} tokens")
