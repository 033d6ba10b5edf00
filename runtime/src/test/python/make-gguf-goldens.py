"""Makes tiny random models of every family with transformers, has llama.cpp's own converter write them as GGUF, and records transformers' logits.

    VENV/bin/pip install torch transformers numpy safetensors gguf
    VENV/bin/python runtime/src/test/python/make-gguf-goldens.py LLAMA_CPP WORK runtime/src/test/resources/io/karipap/model/gguf

LLAMA_CPP is the source of llama.cpp (its conversion/ and gguf-py/ are used; it is also in the source package of llama-cpp-python under
vendor/llama.cpp). WORK receives a Hugging Face directory and NAME.gguf (f32) per model, the last argument NAME.gguf (bf16), goldens.json (which tokens) and
model.safetensors (logits after every token, f32). Made with llama-cpp-python 0.3.36, transformers 5.24 and torch 2.15 on a CPU.
"""

import json
import logging
import sys
import zlib
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file

LLAMA_CPP, WORK, TARGET = map(Path, sys.argv[1:4])
sys.path[:0] = [str(LLAMA_CPP), str(LLAMA_CPP / "gguf-py")]

import gguf  # noqa: E402
from conversion import ModelBase, ModelType, get_model_architecture, get_model_class  # noqa: E402

VOCABULARY = 64
LENGTH = 20
COMMON = dict(vocab_size=VOCABULARY, bos_token_id=1, eos_token_id=2, pad_token_id=0)
LLAMA = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2)
LLAMA |= dict(max_position_embeddings=64, rms_norm_eps=1e-5, attention_dropout=0.0)
SMALL = LLAMA | dict(num_hidden_layers=1, tie_word_embeddings=True)
GEMMA = LLAMA | dict(head_dim=16, query_pre_attn_scalar=16, sliding_window=8)


def rope(kind, **given):
    return dict(rope_parameters=dict(rope_type=kind, **given))


LLAMA3 = dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0)
LONGROPE = dict(
    rope_theta=10000.0,
    partial_rotary_factor=0.75,
    short_factor=[1.0, 1.1, 1.3, 1.7, 2.0, 2.5],
    long_factor=[1.5, 2.0, 3.0, 5.0, 8.0, 12.0],
    original_max_position_embeddings=256,
)

# name -> config class, its arguments
MODELS = {
    "llama": ("LlamaConfig", LLAMA | dict(attention_bias=True, mlp_bias=True) | rope("default", rope_theta=100000.0)),
    "llama-linear": ("LlamaConfig", SMALL | rope("linear", rope_theta=10000.0, factor=3.0)),
    "llama-llama3": (
        "LlamaConfig",
        SMALL | rope("llama3", rope_theta=500000.0, original_max_position_embeddings=8192, **LLAMA3),
    ),
    "llama-llama3-short": (
        "LlamaConfig",
        SMALL | rope("llama3", rope_theta=500.0, original_max_position_embeddings=32, **LLAMA3),
    ),
    "llama-yarn": (
        "LlamaConfig",
        SMALL | rope("yarn", rope_theta=500.0, factor=4.0, original_max_position_embeddings=16),
    ),
    "mistral": ("MistralConfig", LLAMA | dict(head_dim=12, sliding_window=None)),
    "qwen2": ("Qwen2Config", LLAMA),
    "qwen3": ("Qwen3Config", LLAMA | dict(head_dim=16, tie_word_embeddings=True)),
    "gemma2": ("Gemma2Config", GEMMA | dict(attn_logit_softcapping=3.0, final_logit_softcapping=4.0)),
    "gemma3": (
        "Gemma3TextConfig",
        GEMMA
        | dict(num_hidden_layers=7, intermediate_size=16, head_dim=8, query_pre_attn_scalar=8)
        | dict(
            rope_parameters=dict(
                full_attention=dict(rope_type="linear", factor=4.0, rope_theta=20000.0),
                sliding_attention=dict(rope_type="default", rope_theta=300.0),
            )
        ),
    ),
    "smollm3": (
        "SmolLM3Config",
        LLAMA | dict(num_hidden_layers=5, intermediate_size=16, no_rope_layer_interval=4, tie_word_embeddings=True),
    ),
    # not "phi3": llama.cpp expects the tokens of Phi-3 in a model of that name
    "phi": ("Phi3Config", LLAMA | dict(original_max_position_embeddings=64)),
    "phi-longrope": (
        "Phi3Config",
        LLAMA
        | dict(hidden_size=64, intermediate_size=32, num_hidden_layers=1, tie_word_embeddings=True)
        | dict(max_position_embeddings=1024, original_max_position_embeddings=256)
        | rope("longrope", **LONGROPE),
    ),
    "granite": (
        "GraniteConfig",
        LLAMA
        | dict(embedding_multiplier=6.0, logits_scaling=1.7, residual_multiplier=0.35, attention_multiplier=0.21)
        | dict(tie_word_embeddings=True),
    ),
    "olmo2": ("Olmo2Config", LLAMA),
    "gpt2": ("GPT2Config", dict(n_embd=32, n_layer=2, n_head=4, n_positions=64, n_ctx=64)),
}


def draw(model, generator):
    """Weights for which attention looks at something and logits differ by some units; all of them numbers in bf16."""
    offset = "gemma" in type(model).__name__.lower()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            if weight.dim() == 2:
                rows = weight.shape[0] if "c_" in name else weight.shape[1]
                scale = 0.7 if "embed" in name or "wte" in name or "wpe" in name else 1.6 / rows**0.5
                weight.copy_(noise * scale)
            elif name.endswith(".bias"):
                weight.copy_(noise * 0.3)
            else:
                weight.copy_((0.0 if offset else 1.0) + noise * 0.3)
            weight.copy_(weight.to(torch.bfloat16).float())


def vocabulary(converter):
    """A byte-level vocabulary of single characters; the models know nothing of texts."""
    tokens = ["<pad>", "<s>", "</s>"] + [chr(ord("!") + i) for i in range(VOCABULARY - 4)] + ['!"']
    writer = converter.gguf_writer
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL] * 3 + [gguf.TokenType.NORMAL] * (VOCABULARY - 3))
    writer.add_token_merges(['! "'])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(False)


def convert(directory, file):
    hparams = ModelBase.load_hparams(directory, False)
    converter = get_model_class(get_model_architecture(hparams, ModelType.TEXT))
    converter.set_vocab = vocabulary
    if "gemma3" in str(file):  # cuts rows off that the tokenizer does not have, and wants to see it for that
        (directory / "tokenizer.json").write_text(json.dumps({"model": {"vocab": {str(i): i for i in range(VOCABULARY)}}, "added_tokens": []}))
    with torch.inference_mode():
        converter(directory, gguf.LlamaFileType.MOSTLY_BF16, file, model_name=file.stem).write()
        converter(directory, gguf.LlamaFileType.ALL_F32, directory.parent / file.name, model_name=file.stem).write()


def main():
    logging.disable(logging.INFO)
    TARGET.mkdir(parents=True, exist_ok=True)
    goldens = {}
    logits = {}
    for name, (config_class, given) in MODELS.items():
        generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        config = getattr(transformers, config_class)(**(COMMON | given))
        model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager", dtype=torch.float32)
        model.eval()
        draw(model, generator)
        ids = torch.randint(3, VOCABULARY, (1, LENGTH), generator=torch.Generator().manual_seed(LENGTH))
        with torch.no_grad():
            result = model(ids).logits[0].float()
        weights = {key: value.bfloat16() for key, value in model.state_dict().items()}
        if config.tie_word_embeddings:
            del weights["lm_head.weight"]
        model.save_pretrained(WORK / name, state_dict=weights)
        convert(WORK / name, TARGET / (name + ".gguf"))
        goldens[name] = ids[0].tolist()
        logits[name] = result.contiguous()
        print(name, "logits", result.min().item(), result.max().item(), result.std().item())
    (TARGET / "goldens.json").write_text(json.dumps(goldens) + "\n")
    save_file(logits, TARGET / "model.safetensors")


main()
