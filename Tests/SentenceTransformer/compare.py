"""Compares the example EncodingTexts with the reference on the texts, and its speed with a llama.cpp server's.

usage: compare.py ENCODING_TEXTS MODEL_FOLDER ITEMS_FILE
Ends with status 1 when a vector differs or the server is faster.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy

import gguf_model
from reference import Reference
from texts import TEXTS

LEAST_COSINE = 0.9999
ROUNDS = 3


def json_lines(texts):
    return "".join(json.dumps(text) + "\n" for text in texts)


def encoded(program, folder, texts):
    """Vectors, seconds by the clock without loading, and seconds of processor time with it."""
    before = os.times()
    result = subprocess.run(
        [program, folder, "1"], input=json_lines(texts), capture_output=True, text=True, check=True
    )
    after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    vectors = numpy.array([json.loads(line) for line in result.stdout.splitlines()])
    return vectors, float(result.stderr.split(" texts in ")[1].split()[0]), processor


def cosine(one, other):
    lengths = numpy.linalg.norm(one) * numpy.linalg.norm(other)
    if lengths == 0:
        return 1.0 if numpy.linalg.norm(one) == numpy.linalg.norm(other) else 0.0
    return float(one @ other / lengths)


def check_vectors(program, folder):
    reference = Reference(folder)
    vectors, _, _ = encoded(program, folder, TEXTS)
    cosines = [cosine(vector, reference.vector(text)) for vector, text in zip(vectors, TEXTS, strict=True)]
    for text, found in zip(TEXTS, cosines):
        if found < LEAST_COSINE:
            print(f"cosine {found:.6f} for {text[:60]!r} ({len(reference.tokens(text))} tokens)")
    print(f"{len(TEXTS)} texts against numpy: least cosine {min(cosines):.8f} (at least {LEAST_COSINE} is asked for)")
    return min(cosines) >= LEAST_COSINE


def served(model, texts):
    script = Path(__file__).with_name("llama_server.py")
    result = subprocess.run(
        [sys.executable, str(script), model], input=json_lines(texts), capture_output=True, text=True, check=True
    )
    answer = json.loads(result.stdout.splitlines()[-1])
    return numpy.array(answer["vectors"]), answer["clock"], answer["processor"]


def check_speed(program, folder, items):
    short = [f"{item['title']}. {item['description']}" for item in map(json.loads, open(items, encoding="utf-8"))]
    sets = {"short": short, "long": [" ".join(short[start : start + 6]) for start in range(0, len(short) - 5, 6)]}
    is_faster = True
    with tempfile.TemporaryDirectory() as scratch:
        models = {}
        for number in ("f32", "f16"):
            models[number] = f"{scratch}/model-{number}.gguf"
            gguf_model.write(folder, models[number], number)
        loading = min(encoded(program, folder, [])[2] for _ in range(ROUNDS))
        reference = Reference(folder)
        for name, texts in sets.items():
            tokens = sum(len(reference.tokens(text)) for text in texts) / len(texts)
            print(f"{len(texts)} {name} texts of {tokens:.0f} tokens, one thread, the best of {ROUNDS} rounds in turn:")
            runs = {"ISRFKit": [], "llama.cpp f32": [], "llama.cpp f16": []}
            for _ in range(ROUNDS):
                runs["ISRFKit"].append(encoded(program, folder, texts))
                for number, model in models.items():
                    runs[f"llama.cpp {number}"].append(served(model, texts))
            rates = {}
            for system, measured in runs.items():
                spare = loading if system == "ISRFKit" else 0
                rates[system] = len(texts) / (min(run[2] for run in measured) - spare)
                clock = len(texts) / min(run[1] for run in measured)
                print(f"  {system:14} {clock:8.1f} texts a second, {rates[system]:8.1f} a second of processor time")
            agreement = min(map(cosine, runs["ISRFKit"][0][0], runs["llama.cpp f32"][0][0]))
            print(f"  least cosine of ISRFKit's vectors and the server's: {agreement:.6f}")
            is_faster = is_faster and rates["ISRFKit"] >= max(rates.values())
    return is_faster


if __name__ == "__main__":
    results = [check_vectors(sys.argv[1], sys.argv[2]), check_speed(*sys.argv[1:4])]
    if not all(results):
        sys.exit("The vectors or the speed are not what they should be.")
