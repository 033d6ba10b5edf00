"""Makes tiny random models of every family, and the logits that transformers computes with them.

    python3 -m venv VENV && VENV/bin/pip install torch transformers numpy safetensors
    VENV/bin/python runtime/src/test/python/make-family-goldens.py runtime/src/test/resources/io/karipap/model/families

Writes one directory per family: config.json as transformers 5 spells it, model.safetensors (bf16), golden.json (which config, which tokens,
which context) and golden/model.safetensors (logits after every token, f32). Where older files spell the same differently, config-4.json does so.
Made with transformers 5.24 and torch 2.15 on a CPU; a model's values depend on nothing but its name.
"""

import json
import sys
import zlib
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file

LENGTH = 24
LONG = 40
VOCABULARY = 120
LLAMA = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2)
LONGROPE = dict(
    rope_type="longrope",
    rope_theta=10000.0,
    partial_rotary_factor=0.75,
    short_factor=[1.0, 1.1, 1.3, 1.7, 2.0, 2.5],
    long_factor=[1.5, 2.0, 3.0, 5.0, 8.0, 12.0],
    original_max_position_embeddings=32,
)

# name -> config class, its arguments, and variants: (name of the config, changed arguments, number of tokens, context or None)
FAMILIES = {
    "llama": (
        "LlamaConfig",
        LLAMA | dict(attention_bias=True, mlp_bias=True, max_position_embeddings=64),
        [
            ("linear", dict(rope_parameters=dict(rope_type="linear", rope_theta=10000.0, factor=3.0)), LENGTH, None),
            (
                "llama3",
                dict(
                    rope_parameters=dict(
                        rope_type="llama3",
                        rope_theta=500.0,
                        factor=8.0,
                        low_freq_factor=1.0,
                        high_freq_factor=4.0,
                        original_max_position_embeddings=32,
                    )
                ),
                LENGTH,
                None,
            ),
            (
                "yarn",
                dict(
                    rope_parameters=dict(
                        rope_type="yarn", rope_theta=500.0, factor=4.0, original_max_position_embeddings=16
                    )
                ),
                LENGTH,
                None,
            ),
            (
                "yarn-mscale",
                dict(
                    rope_parameters=dict(
                        rope_type="yarn",
                        rope_theta=500.0,
                        factor=4.0,
                        original_max_position_embeddings=16,
                        beta_fast=4.0,
                        beta_slow=0.5,
                        mscale=1.0,
                        mscale_all_dim=0.5,
                        truncate=False,
                    )
                ),
                LENGTH,
                None,
            ),
            (
                "dynamic",
                dict(
                    max_position_embeddings=32,
                    rope_parameters=dict(rope_type="dynamic", rope_theta=500.0, factor=4.0),
                ),
                LENGTH,
                None,
            ),
            (
                "dynamic",
                dict(
                    max_position_embeddings=32,
                    rope_parameters=dict(rope_type="dynamic", rope_theta=500.0, factor=4.0),
                ),
                LONG,
                LONG,
            ),
        ],
    ),
    "mistral": ("MistralConfig", LLAMA | dict(num_hidden_layers=3, head_dim=12, sliding_window=8), []),
    "qwen2": (
        "Qwen2Config",
        LLAMA
        | dict(num_hidden_layers=3, use_sliding_window=True, sliding_window=8, max_window_layers=1)
        | dict(tie_word_embeddings=False),
        [("full", dict(use_sliding_window=False), LENGTH, None)],
    ),
    "qwen3": ("Qwen3Config", LLAMA | dict(head_dim=16, tie_word_embeddings=True), []),
    "gemma2": (
        "Gemma2Config",
        LLAMA
        | dict(num_hidden_layers=4, head_dim=16, query_pre_attn_scalar=20, sliding_window=8)
        | dict(attn_logit_softcapping=3.0, final_logit_softcapping=4.0),
        [],
    ),
    "gemma3": (
        "Gemma3TextConfig",
        LLAMA
        | dict(num_hidden_layers=6, head_dim=16, query_pre_attn_scalar=20, sliding_window=8)
        | dict(
            layer_types=["sliding_attention", "sliding_attention", "full_attention"] * 2,
            rope_parameters=dict(
                full_attention=dict(rope_type="linear", factor=4.0, rope_theta=20000.0),
                sliding_attention=dict(rope_type="default", rope_theta=300.0),
            ),
        ),
        [],
    ),
    "smollm3": (
        "SmolLM3Config",
        LLAMA | dict(num_hidden_layers=4, no_rope_layer_interval=3, tie_word_embeddings=True),
        [("window", dict(use_sliding_window=True, sliding_window=8), LENGTH, None)],
    ),
    "phi3": (
        "Phi3Config",
        LLAMA | dict(hidden_size=64, max_position_embeddings=32, original_max_position_embeddings=32),
        [
            ("longrope", dict(max_position_embeddings=256, rope_parameters=LONGROPE), LENGTH, None),
            ("longrope", dict(max_position_embeddings=256, rope_parameters=LONGROPE), LONG, 256),
            ("window", dict(sliding_window=8), LENGTH, None),
        ],
    ),
    "granite": (
        "GraniteConfig",
        LLAMA
        | dict(embedding_multiplier=6.0, logits_scaling=1.7, residual_multiplier=0.35, attention_multiplier=0.21)
        | dict(tie_word_embeddings=True),
        [],
    ),
    "olmo2": ("Olmo2Config", LLAMA, []),
    "gpt2": ("GPT2Config", dict(n_embd=32, n_layer=3, n_head=4, n_positions=64), []),
}


def arguments(given):
    common = dict(vocab_size=VOCABULARY, bos_token_id=1, eos_token_id=2, pad_token_id=0)
    if "n_embd" not in given:
        common |= dict(max_position_embeddings=64, rms_norm_eps=1e-5, attention_dropout=0.0)
    return common | given


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


def before_5(config):
    """The same as files of transformers 4 spell it, or None where nothing differs."""
    old = {key: value for key, value in config.items() if key not in ("rope_parameters", "dtype")}
    rope = config.get("rope_parameters")
    if not rope:
        return None
    old["torch_dtype"] = "bfloat16"
    if "full_attention" in rope:
        full = dict(rope["full_attention"])
        old["rope_theta"] = full.pop("rope_theta")
        old["rope_scaling"] = full
        old["rope_local_base_freq"] = rope["sliding_attention"]["rope_theta"]
        old["sliding_window_pattern"] = 3
        del old["layer_types"]
        return old
    scaling = dict(rope)
    old["rope_theta"] = scaling.pop("rope_theta")
    if "partial_rotary_factor" in scaling:
        old["partial_rotary_factor"] = scaling.pop("partial_rotary_factor")
    old["rope_scaling"] = None if scaling["rope_type"] == "default" else scaling
    if old["rope_scaling"]:
        old["rope_scaling"]["type"] = old["rope_scaling"].pop("rope_type")
    return old


def main(target):
    torch.manual_seed(0)
    for name, (config_class, given, variants) in FAMILIES.items():
        directory = target / name
        generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        weights = None
        goldens = []
        logits = {}
        for variant, changed, length, context in [("", {}, LENGTH, None)] + variants:
            config = getattr(transformers, config_class)(**arguments(given | changed))
            model = transformers.AutoModelForCausalLM.from_config(
                config, attn_implementation="eager", dtype=torch.float32
            ).eval()
            if weights is None:
                draw(model, generator)
                weights = model.state_dict()
                model.save_pretrained(directory, state_dict={key: value.bfloat16() for key, value in weights.items()})
            else:
                model.load_state_dict(weights)
            file = "config-" + variant + ".json" if variant else "config.json"
            if variant:
                (directory / file).write_text(config.to_json_string())
            old = before_5(json.loads((directory / file).read_text()))
            ids = torch.randint(3, VOCABULARY, (1, length), generator=torch.Generator().manual_seed(length))
            with torch.no_grad():
                result = model(ids).logits[0].float()
            key = str(len(logits))
            logits[key] = result.contiguous()
            spellings = [file]
            if old:
                spellings.append(file.replace(".json", "-4.json"))
                (directory / spellings[-1]).write_text(json.dumps(old, indent=1) + "\n")
            for spelling in spellings:
                goldens.append(dict(config=spelling, ids=ids[0].tolist(), logits=key, context=context))
            print(name, variant, length, "logits", result.min().item(), result.max().item(), result.std().item())
        (directory / "golden").mkdir(exist_ok=True)
        save_file(logits, directory / "golden" / "model.safetensors")
        (directory / "golden.json").write_text(json.dumps(goldens) + "\n")
        (directory / "generation_config.json").unlink(missing_ok=True)


main(Path(sys.argv[1]))
