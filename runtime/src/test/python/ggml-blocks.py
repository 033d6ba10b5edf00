"""Makes what the tests of ggml's block types compare with, and the grids that the decoders read, by PyPI's gguf.

    python -m venv V && V/bin/pip install gguf==0.19.0 numpy && V/bin/python runtime/src/test/python/ggml-blocks.py

Writes runtime/src/test/resources/io/karipap/format/block/ggml-blocks.bin.gz: for every type its number, the number of blocks, the
blocks and their values as float32; and runtime/src/main/resources/io/karipap/format/block/iq-grids.bin: the grids of IQ2_XXS, IQ2_XS,
IQ2_S, IQ3_XXS, IQ3_S and IQ1_S, a signed byte a value.
"""
import gzip
import pathlib
import struct

import gguf.quants as quants
import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as T

ROOT = pathlib.Path(__file__).parents[2]
PACKAGE = pathlib.Path("resources/io/karipap/format/block")
# Where the binary16 scales of a block stand.
SCALES = {
    T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q2_K: [80, 82], T.Q3_K: [108], T.Q4_K: [0, 2],
    T.Q5_K: [0, 2], T.Q6_K: [208], T.IQ2_XXS: [0], T.IQ2_XS: [0], T.IQ2_S: [0], T.IQ3_XXS: [0], T.IQ3_S: [0], T.IQ1_S: [0],
    T.IQ1_M: [], T.IQ4_NL: [0], T.IQ4_XS: [0], T.TQ1_0: [52], T.TQ2_0: [64], T.MXFP4: [], T.NVFP4: [],
}
# Zero, minus zero, the least and the largest subnormal, the least normal, the largest, a common one and its negative.
EXTREMES = [0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x7BFF, 0x211B, 0xA11B]
BLOCKS = 10


def blocks(type, random):
    size = GGML_QUANT_SIZES[type][1]
    made = random.integers(0, 256, (BLOCKS, size), dtype=np.uint8)
    for b in range(BLOCKS):
        for s, at in enumerate(SCALES[type]):
            bits = EXTREMES[(b + 3 * s) % len(EXTREMES)] if b < len(EXTREMES) else int(random.integers(0, 0x7C00))
            made[b, at:at + 2] = np.frombuffer(struct.pack("<H", bits), np.uint8)
        if type == T.IQ1_M:  # the scale is spread over the upper halves of four bytes
            bits = EXTREMES[b % len(EXTREMES)]
            for i in range(4):
                made[b, 49 + 2 * i] = made[b, 49 + 2 * i] & 0x0F | (bits >> 4 * i & 0xF) << 4
        if type == T.MXFP4:  # an exponent; larger ones make infinities
            made[b, 0] = [0, 1, 2, 250][b] if b < 4 else made[b, 0] % 251
    if type in (T.Q4_0, T.Q8_0):  # every code
        made[8:, 2:] = np.arange(2 * (size - 2), dtype=np.uint8).reshape(2, -1) * (37 if type == T.Q4_0 else 4)
    return made


def main():
    random = np.random.default_rng(20)
    out = bytearray()
    for type in SCALES:
        made = blocks(type, random)
        values = quants.dequantize(made, type)
        assert np.isfinite(values).all(), type.name
        out += struct.pack("<ii", type.value, BLOCKS) + made.tobytes() + values.astype("<f4").tobytes()
    target = ROOT / "test" / PACKAGE / "ggml-blocks.bin.gz"
    target.write_bytes(gzip.compress(bytes(out), 9, mtime=0))
    grids = bytearray()
    for family in (quants.IQ2_XXS, quants.IQ2_XS, quants.IQ2_S, quants.IQ3_XXS, quants.IQ3_S, quants.IQ1_S):
        family.init_grid()
        grids += family.grid.astype(np.int8).tobytes()
    (ROOT / "main" / PACKAGE / "iq-grids.bin").write_bytes(bytes(grids))
    print(target, len(target.read_bytes()), "grids", len(grids))


main()
