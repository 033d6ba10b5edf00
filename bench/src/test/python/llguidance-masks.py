"""Masks of llguidance along the walks that `karipap bench grammar --walks DIR` has written.

pip install llguidance numpy; python llguidance-masks.py DIR/*.json
"""

import json
import resource
import sys
import time

import llguidance
import llguidance.numpy
import numpy


class Vocabulary:
    """What llguidance asks of a tokenizer; texts are taken byte by byte, which masks do not depend on."""

    def __init__(self, tokens, special):
        self.tokens = tokens
        self.special_token_ids = special
        self.eos_token_id = special[0]
        self.bos_token_id = None
        self.bytes = {token: i for i, token in reversed(list(enumerate(tokens))) if len(token) == 1}

    def __call__(self, text):
        return [self.bytes[text[i : i + 1]] for i in range(len(text))]


def measure(tokenizer, walks):
    times, compiles, firsts, refused = [], [], [], ""
    bitmask = llguidance.numpy.allocate_token_bitmask(1, tokenizer.vocab_size)
    for walk in walks:
        start = time.perf_counter_ns()
        grammar = llguidance.LLMatcher.grammar_from_json_schema(walk["schema"])
        matcher = llguidance.LLMatcher(tokenizer, grammar)
        compiles.append((time.perf_counter_ns() - start) / 1e6)
        if matcher.is_error():
            return None, matcher.get_error().splitlines()[0][:120]
        for i, token in enumerate(walk["tokens"]):
            start = time.perf_counter_ns()
            llguidance.numpy.fill_next_token_bitmask(matcher, bitmask, 0)
            times.append((time.perf_counter_ns() - start) / 1e3)
            if i == 0:
                firsts.append(times[-1])
            if not matcher.consume_token(token):
                refused = f"a walk ends at its token {i}"
                break
    times = numpy.array(times)
    return (numpy.mean(compiles), numpy.mean(firsts), times.mean(), numpy.percentile(times, 99), times.max(), len(times)), refused


for file in sys.argv[1:]:
    with open(file) as text:
        data = json.load(text)
    tokens = [bytes.fromhex(token) for token in data["tokens"]]
    start = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tokenizer = llguidance.LLTokenizer(llguidance.TokenizerWrapper(Vocabulary(tokens, data["special"])))
    print(f"\n{file.split('/')[-1]}: {len(tokens)} tokens, llguidance {llguidance.__version__},"
          f" prepared in {(time.perf_counter() - start) * 1e3:.0f} ms\n")
    print("| schema | compile ms | first µs | mean µs | p99 µs | max µs | masks | |\n|---|---|---|---|---|---|---|---|")
    names = list(dict.fromkeys(walk["name"] for walk in data["walks"]))
    total, masks = 0, 0
    for name in names:
        walks = [walk for walk in data["walks"] if walk["name"] == name]
        measure(tokenizer, walks)
        result, note = measure(tokenizer, walks)
        if result is None:
            print(f"| {name} | refused: {note} | | | | | | |")
            continue
        total += result[2] * result[5]
        masks += result[5]
        print("| %s | %.2f | %.0f | %.1f | %.0f | %.0f | %d | %s |" % (name, *result, note))
    print(f"| all | | | {total / max(1, masks):.1f} | | | {masks} | |")
