"""What transformers (PyPI, with torch and gguf) says with a GGUF file's dequantised weights in f32: what RealModelGoldenTest expects.

Usage: llama-tokenize -m FILE.gguf -f TEXT --ids --no-parse-special --log-disable > IDS
       python3 real-model-goldens.py FILE.gguf IDS CHUNKS > golden.json

For three prompts the ids, the logits of every 97th token and of the 20 most probable ones; the 100 tokens that follow the first prompt
greedily; and the nats of the second halves of the first CHUNKS windows of 512 tokens of TEXT, counted as llama-perplexity counts them. The
ids of the text are llama.cpp's: transformers reads vocabularies of GGUF files without their pre-tokenizers. TEXT is that of
wikitext-test.txt with Unix line ends.
"""
import json
import os
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = [
    "Once upon a time",
    "def fibonacci(n):\n    if n < 2:\n        return n\n",
    "The capital of Poland is Warsaw. Stolicą Polski jest Warszawa. 波兰的首都是",
]
CONTEXT = 512

folder, name = os.path.split(os.path.abspath(sys.argv[1]))
torch.set_num_threads(int(os.environ.get("THREADS", "2")))
tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=name)
model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
model.eval()
result = {"prompts": []}
with torch.no_grad():
    for prompt in PROMPTS:
        ids = tokenizer(prompt)["input_ids"]
        logits = model(torch.tensor([ids])).logits[0, -1]
        top = torch.topk(logits, 20)
        result["prompts"].append({
            "text": prompt,
            "ids": ids,
            "every97": [round(float(v), 5) for v in logits[::97]],
            "top": {int(i): round(float(v), 5) for i, v in zip(top.indices, top.values)},
        })
    ids = list(result["prompts"][0]["ids"])
    out = model.generate(torch.tensor([ids]), attention_mask=torch.ones(1, len(ids)), max_new_tokens=100, do_sample=False,
                         repetition_penalty=1.0, eos_token_id=None, pad_token_id=0)
    result["greedy"] = [int(i) for i in out[0, len(ids):]]
    all_ids = json.load(open(sys.argv[2]))
    start = all_ids[:1] if all_ids[0] in tokenizer.all_special_ids else []
    nats = []
    for chunk in range(int(sys.argv[3])):
        window = all_ids[chunk * CONTEXT:(chunk + 1) * CONTEXT]
        if start:
            window[0] = start[0]
        logits = model(torch.tensor([window])).logits[0, CONTEXT // 2:-1]
        wanted = torch.tensor(window[CONTEXT // 2 + 1:])
        nats.append(round(float(torch.nn.functional.cross_entropy(logits.double(), wanted, reduction="sum")), 4))
        print(chunk, nats[-1], file=sys.stderr, flush=True)
    result["nats"] = nats
print(json.dumps(result, ensure_ascii=False))
