"""Writes a BERT sentence model from a folder as a GGUF file, for a llama.cpp server to be compared with."""
import sys
from pathlib import Path

import gguf
import numpy

from reference import read_json, read_safetensors

NAMES = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}


def pieces(folder):
    """The vocabulary as llama.cpp wants it: a word's first piece with a mark before it, the next ones without `##`."""
    numbers = read_json(folder / "tokenizer.json")["model"]["vocab"]
    for piece, _ in sorted(numbers.items(), key=lambda pair: pair[1]):
        if piece.startswith("[") and piece.endswith("]") and len(piece) > 2:
            yield piece, gguf.TokenType.UNKNOWN if piece == "[UNK]" else gguf.TokenType.CONTROL
        else:
            yield piece[2:] if piece.startswith("##") else "\u2581" + piece, gguf.TokenType.NORMAL


def write(folder, target, number):
    folder = Path(folder)
    config = read_json(folder / "config.json")
    vocabulary = read_json(folder / "tokenizer.json")["model"]["vocab"]
    writer = gguf.GGUFWriter(target, "bert")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16 if number == "f16" else gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("jina-v2-en")
    all_pieces = list(pieces(folder))
    writer.add_token_list([piece for piece, _ in all_pieces])
    writer.add_token_types([kind for _, kind in all_pieces])
    writer.add_token_type_count(config["type_vocab_size"])
    writer.add_bos_token_id(vocabulary["[CLS]"])
    writer.add_unk_token_id(vocabulary["[UNK]"])
    writer.add_sep_token_id(vocabulary["[SEP]"])
    writer.add_pad_token_id(vocabulary["[PAD]"])
    writer.add_mask_token_id(vocabulary["[MASK]"])
    tensors = read_safetensors(folder / "model.safetensors")

    def add(name, source):
        values = tensors[source].astype(numpy.float32)
        # llama.cpp keeps vectors, positions and token types in full precision.
        if number == "f16" and name.endswith(".weight") and values.ndim == 2 and name.startswith(("blk", "token_embd.")):
            values = values.astype(numpy.float16)
        writer.add_tensor(name, values)

    add("token_embd.weight", "embeddings.word_embeddings.weight")
    add("position_embd.weight", "embeddings.position_embeddings.weight")
    add("token_types.weight", "embeddings.token_type_embeddings.weight")
    for part in ("weight", "bias"):
        add(f"token_embd_norm.{part}", f"embeddings.LayerNorm.{part}")
        for layer in range(config["num_hidden_layers"]):
            for source, name in NAMES.items():
                add(f"blk.{layer}.{name}.{part}", f"encoder.layer.{layer}.{source}.{part}")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], sys.argv[3])
