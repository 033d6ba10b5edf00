"""Prints what RealModelTest compares with: by model a CRC-32 of the float32 values of some tensors, as Hugging Face would hold them.

    python -m venv V && V/bin/pip install gguf==0.19.0 numpy && V/bin/python runtime/src/test/python/gguf-checksums.py FILE.gguf ...

The tensors of blocks 0 and 11 and the last norm, in file order: q and k of the llama architecture in the order of halves, norms of gemma
without the 1.
"""
import sys
import zlib

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize


def main():
    for path in sys.argv[1:]:
        reader = GGUFReader(path)
        field = lambda key: reader.fields[key].contents()
        architecture = field("general.architecture")
        crc = 0
        for tensor in reader.tensors:
            if not tensor.name.startswith(("blk.0.", "blk.11.", "output_norm.")):
                continue
            values = dequantize(tensor.data, tensor.tensor_type).astype("<f4")
            if architecture == "llama" and (".attn_q." in tensor.name or ".attn_k." in tensor.name):
                heads = field("llama.attention.head_count" + ("_kv" if ".attn_k." in tensor.name else ""))
                rows = values.shape[0]
                values = values.reshape(heads, rows // heads // 2, 2, -1).swapaxes(1, 2).reshape(values.shape)
            if architecture.startswith("gemma") and tensor.name.endswith("norm.weight"):
                values = values - np.float32(1)
            crc = zlib.crc32(np.ascontiguousarray(values).tobytes(), crc)
        print(path.rsplit("/", 1)[-1], f"{crc:08x}")


main()
