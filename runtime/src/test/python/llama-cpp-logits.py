"""Has llama.cpp compute the logits of GGUF files and compares them with those that transformers computed.

    LLAMA_CPP_LIB_PATH=BUILD/bin PYTHONPATH=LLAMA_CPP_PYTHON VENV/bin/python runtime/src/test/python/llama-cpp-logits.py \
        runtime/src/test/resources/io/karipap/model/gguf DIRECTORY

BUILD is a build of llama.cpp with shared libraries, LLAMA_CPP_PYTHON the source of llama-cpp-python, whose bindings are used (also needed:
numpy, safetensors, diskcache, typing_extensions). DIRECTORY holds NAME.gguf for names of goldens.json, such as
`./karipap export --format gguf --weights F32` writes them; with WORK of make-gguf-goldens.py it is those of llama.cpp's own converter. Only with
F32 does llama.cpp compute in floats.
"""

import ctypes
import importlib.util
import json
import os
import sys
import types
from pathlib import Path

import numpy
from safetensors.numpy import load_file


def bindings():
    """The low-level module alone: the package's other modules need more than is used here."""
    folder = next(Path(p) / "llama_cpp" for p in sys.path if (Path(p) / "llama_cpp" / "llama_cpp.py").exists())
    package = types.ModuleType("llama_cpp")
    package.__path__ = [str(folder)]
    sys.modules["llama_cpp"] = package
    spec = importlib.util.spec_from_file_location("llama_cpp.llama_cpp", folder / "llama_cpp.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["llama_cpp.llama_cpp"] = module
    spec.loader.exec_module(module)
    return module


def logits(lib, file, ids, vocabulary, context):
    model = lib.llama_model_load_from_file(os.fsencode(file), lib.llama_model_default_params())
    if not model:
        return None
    params = lib.llama_context_default_params()
    params.n_ctx = context
    params.n_threads = params.n_threads_batch = 1
    params.flash_attn_type = 0
    params.type_k = params.type_v = 0  # f32
    params.no_perf = True
    session = lib.llama_init_from_model(model, params)
    batch = lib.llama_batch_init(len(ids), 0, 1)
    batch.n_tokens = len(ids)
    for i, token in enumerate(ids):
        batch.token[i] = token
        batch.pos[i] = i
        batch.n_seq_id[i] = 1
        batch.seq_id[i][0] = 0
        batch.logits[i] = True
    if lib.llama_decode(session, batch) != 0:
        raise SystemExit(f"{file}: llama.cpp does not compute it")
    rows = [numpy.ctypeslib.as_array(lib.llama_get_logits_ith(session, i), (vocabulary,)).copy() for i in range(len(ids))]
    lib.llama_free(session)
    lib.llama_model_free(model)
    return numpy.stack(rows)


def main():
    goldens = Path(sys.argv[1])
    lib = bindings()
    silent = lib.llama_log_callback(lambda level, text, data: None)
    lib.llama_log_set(silent, ctypes.c_void_p(0))
    lib.llama_backend_init()
    expected = load_file(goldens / "model.safetensors")
    for name, ids in json.loads((goldens / "goldens.json").read_text()).items():
        file = Path(sys.argv[2]) / (name + ".gguf")
        if not file.exists():
            print(f"{name:20} missing")
            continue
        found = logits(lib, file, ids, expected[name].shape[1], 256)  # factors of longrope depend on the context
        if found is None:
            print(f"{name:20} not loaded")
            continue
        print(f"{name:20} largest difference {numpy.abs(found - expected[name]).max():.2e}")


main()
