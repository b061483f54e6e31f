"""An independent computation of a BERT sentence model's vectors: numpy in double precision, one text at a time.

Tokens come from the `tokenizers` package and the folder's tokenizer.json. As ISRFKit's TextEncoder demands, a text
without any token of its own has a zero vector.
"""
import json
import math
import struct
from pathlib import Path

import numpy
from tokenizers import Tokenizer

error_function = numpy.vectorize(math.erf)


def read_safetensors(path):
    """All floating-point tensors of a safetensors file, as 64-bit arrays."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        body = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        if entry["dtype"] == "BF16":
            wide = numpy.frombuffer(body[start:end], "<u2").astype("<u4") << 16
            values = wide.view("<f4")
        elif entry["dtype"] in ("F32", "F16"):
            values = numpy.frombuffer(body[start:end], {"F32": "<f4", "F16": "<f2"}[entry["dtype"]])
        else:
            continue
        tensors[name] = values.astype(numpy.float64).reshape(entry["shape"])
    return tensors


def read_json(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


class Reference:
    def __init__(self, folder):
        folder = Path(folder)
        self.config = read_json(folder / "config.json")
        self.tensors = read_safetensors(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        # A special token's name in a text is text.
        self.tokenizer.encode_special_tokens = True
        self.limit = read_json(folder / "sentence_bert_config.json")["max_seq_length"]

    def tokens(self, text):
        numbers = self.tokenizer.encode(text, add_special_tokens=False).ids[: self.limit - 2]
        if not numbers:
            return []
        return [self.tokenizer.token_to_id("[CLS]"), *numbers, self.tokenizer.token_to_id("[SEP]")]

    def linear(self, name, x):
        return x @ self.tensors[name + ".weight"].T + self.tensors[name + ".bias"]

    def normalised(self, name, x):
        deviation = x - x.mean(axis=1, keepdims=True)
        scale = numpy.sqrt((deviation**2).mean(axis=1, keepdims=True) + self.config["layer_norm_eps"])
        return deviation / scale * self.tensors[name + ".weight"] + self.tensors[name + ".bias"]

    def attention(self, layer, x):
        heads = self.config["num_attention_heads"]
        size = x.shape[1] // heads
        q, k, v = (self.linear(f"{layer}.attention.self.{part}", x) for part in ("query", "key", "value"))
        parts = []
        for head in range(heads):
            columns = slice(head * size, (head + 1) * size)
            scores = q[:, columns] @ k[:, columns].T / math.sqrt(size)
            weights = numpy.exp(scores - scores.max(axis=1, keepdims=True))
            parts.append(weights / weights.sum(axis=1, keepdims=True) @ v[:, columns])
        return numpy.concatenate(parts, axis=1)

    def vector(self, text):
        tokens = self.tokens(text)
        if not tokens:
            return numpy.zeros(self.config["hidden_size"])
        x = (
            self.tensors["embeddings.word_embeddings.weight"][tokens]
            + self.tensors["embeddings.position_embeddings.weight"][: len(tokens)]
            + self.tensors["embeddings.token_type_embeddings.weight"][0]
        )
        x = self.normalised("embeddings.LayerNorm", x)
        for number in range(self.config["num_hidden_layers"]):
            layer = f"encoder.layer.{number}"
            y = self.linear(f"{layer}.attention.output.dense", self.attention(layer, x))
            x = self.normalised(f"{layer}.attention.output.LayerNorm", x + y)
            y = self.linear(f"{layer}.intermediate.dense", x)
            y = 0.5 * y * (1 + error_function(y / math.sqrt(2)))
            x = self.normalised(f"{layer}.output.LayerNorm", x + self.linear(f"{layer}.output.dense", y))
        mean = x.mean(axis=0)
        return mean / numpy.linalg.norm(mean)
