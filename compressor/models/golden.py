"""Writes golden.json of a Llama in a Hugging Face directory: greedy texts, logits and losses in double precision, from NumPy alone.

    golden.py MODEL IDS.json > golden.json

IDS.json: {"prompts": [{"prompt": text, "prompt_ids": [...]}], "losses": {name: [...]}}; texts become tokens by `karipap tokenize`.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np

WINDOW = 512
MEASURED = 20480
GREEDY = 64


def tensors(file):
    data = file.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    for name, about in header.items():
        if name == "__metadata__":
            continue
        start, end = about["data_offsets"]
        bits = np.frombuffer(data[8 + length + start : 8 + length + end], "<u2").astype(np.uint32) << 16
        assert about["dtype"] == "BF16"
        yield name, bits.view(np.float32).astype(np.float64).reshape(about["shape"])


class Model:
    def __init__(self, directory):
        self.config = json.loads((directory / "config.json").read_text())
        self.weights = dict(tensors(directory / "model.safetensors"))

    def normed(self, x, name):
        mean = (x * x).mean(-1, keepdims=True)
        return x / np.sqrt(mean + self.config["rms_norm_eps"]) * self.weights[name]

    def rotated(self, x):
        """x [T, heads, head dim], the halves of a head turned against each other."""
        half = x.shape[-1] // 2
        frequency = self.config["rope_theta"] ** (-np.arange(half) / half)
        angle = np.arange(len(x))[:, None] * frequency
        cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
        a, b = x[..., :half], x[..., half:]
        return np.concatenate([a * cos - b * sin, b * cos + a * sin], -1)

    def logits(self, ids):
        c, w = self.config, self.weights
        heads, shared, size = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
        count = len(ids)
        mask = np.triu(np.full((count, count), -np.inf), 1)
        x = w["model.embed_tokens.weight"][ids]
        for layer in range(c["num_hidden_layers"]):
            p = f"model.layers.{layer}."
            h = self.normed(x, p + "input_layernorm.weight")
            q = self.rotated((h @ w[p + "self_attn.q_proj.weight"].T).reshape(count, heads, size))
            k = self.rotated((h @ w[p + "self_attn.k_proj.weight"].T).reshape(count, shared, size))
            v = (h @ w[p + "self_attn.v_proj.weight"].T).reshape(count, shared, size)
            q, k, v = q.swapaxes(0, 1), *(np.repeat(t, heads // shared, 1).swapaxes(0, 1) for t in (k, v))
            scores = q @ k.swapaxes(1, 2) / np.sqrt(size) + mask
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            scores /= scores.sum(-1, keepdims=True)
            x = x + (scores @ v).swapaxes(0, 1).reshape(count, -1) @ w[p + "self_attn.o_proj.weight"].T
            h = self.normed(x, p + "post_attention_layernorm.weight")
            gate, up = h @ w[p + "mlp.gate_proj.weight"].T, h @ w[p + "mlp.up_proj.weight"].T
            x = x + (gate / (1 + np.exp(-gate)) * up) @ w[p + "mlp.down_proj.weight"].T
        return self.normed(x, "model.norm.weight") @ w["model.embed_tokens.weight"].T

    def greedy(self, ids):
        ids = list(ids)
        while len(ids) < GREEDY:
            ids.append(int(self.logits(ids)[-1].argmax()))
        return ids

    def nats(self, ids):
        """Mean loss of the first tokens, in windows; the first token of each is given, by the window before."""
        total = 0.0
        for at in range(0, MEASURED, WINDOW):
            window = ids[at : at + WINDOW + 1]
            logits = self.logits(window[:-1])
            top = logits.max(-1)
            log = top + np.log(np.exp(logits - top[:, None]).sum(-1))
            total += (log - logits[np.arange(WINDOW), window[1:]]).sum()
        return total / MEASURED


def main():
    model = Model(Path(sys.argv[1]))
    asked = json.loads(Path(sys.argv[2]).read_text())
    golden = []
    for each in asked["prompts"]:
        last = model.logits(each["prompt_ids"])[-1]
        greedy = model.greedy(each["prompt_ids"])
        golden.append({**each, "greedy_ids": greedy, "last_logits": [round(float(logit), 5) for logit in last]})
    loss = {
        name: {"nats_per_token": round(float(model.nats(ids)), 4), "tokens": MEASURED, "window": WINDOW}
        for name, ids in asked["losses"].items()
    }
    print(json.dumps({"golden": golden, "loss": loss}, indent=1))


main()
