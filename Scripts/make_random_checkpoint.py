#!/usr/bin/env python3
"""Writes a Yuan2 checkpoint with random bf16 weights, in Hugging Face layout: for speed and memory, not for answers.

    python3 Scripts/make_random_checkpoint.py FOLDER [--layers 24 --hidden 2048 --heads 32 --inner 8192 --vocab 135040]

The defaults are Yuan2-2B's true shape (4.18 GB). Without a tokenizer: `yuanbench generate --prompt-ids`.
"""
import argparse
import json
import pathlib
import random
import statistics
import struct

CHUNK = 1 << 24  # values made at a time


def bf16(value):
    return struct.unpack("<I", struct.pack("<f", value))[0] >> 16


def tables(deviation):
    """Low and high bytes of 256 equally likely normal values: random bytes become weights by two translations."""
    normal = statistics.NormalDist(0, deviation)
    values = [bf16(normal.inv_cdf((i + 0.5) / 256)) for i in range(256)]
    return bytes(v & 255 for v in values), bytes(v >> 8 for v in values)


def tensors(a):
    h, i = a.hidden, a.inner
    yield "model.embed_tokens.weight", [a.vocab, h]
    for n in range(a.layers):
        p = f"model.layers.{n}."
        yield p + "input_layernorm.weight", [h]
        for name in "qkvo":
            yield p + f"self_attn.{name}_proj.weight", [h, h]
        yield p + "self_attn.lf_gate.conv1.weight", [h // 2, h, 2, 1]
        yield p + "self_attn.lf_gate.conv1.bias", [h // 2]
        yield p + "self_attn.lf_gate.conv2.weight", [h, h // 2, 2, 1]
        yield p + "self_attn.lf_gate.conv2.bias", [h]
        yield p + "self_attn.lf_gate.output_layernorm.weight", [h]
        yield p + "post_attention_layernorm.weight", [h]
        yield p + "mlp.up_proj.weight", [i, h]
        yield p + "mlp.gate_proj.weight", [i, h]
        yield p + "mlp.down_proj.weight", [h, i]
    yield "model.norm.weight", [h]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    for name, value in [("layers", 24), ("hidden", 2048), ("heads", 32), ("inner", 8192), ("vocab", 135040)]:
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--seed", type=int, default=20240423)
    a = parser.parse_args()
    a.folder.mkdir(parents=True, exist_ok=True)
    eod = min(77185, a.vocab - 1)
    config = {
        "architectures": ["YuanForCausalLM"], "model_type": "yuan", "hidden_act": "silu", "hidden_size": a.hidden,
        "intermediate_size": a.inner, "num_hidden_layers": a.layers, "num_attention_heads": a.heads,
        "max_position_embeddings": 8192, "rms_norm_eps": 1e-6, "tie_word_embeddings": True,
        "torch_dtype": "bfloat16", "vocab_size": a.vocab, "use_flash_attention": True, "causal_mask": True,
        "reset_attention_mask": True, "reset_position_ids": True, "use_loss_mask": False, "eod_token": eod,
        "sep_token": min(77187, a.vocab - 1), "eos_token_id": eod, "bos_token_id": eod, "pad_token_id": eod,
    }
    (a.folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")

    header, offset = {}, 0
    for name, shape in tensors(a):
        size = 2
        for n in shape:
            size *= n
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    rng = random.Random(a.seed)
    matrix, one = tables(0.02), struct.pack("<H", bf16(1.0))
    with open(a.folder / "model.safetensors", "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for name, entry in header.items():
            count = (entry["data_offsets"][1] - entry["data_offsets"][0]) // 2
            if name.endswith("norm.weight"):
                out.write(one * count)
                continue
            while count:
                n = min(count, CHUNK)
                noise, values = rng.randbytes(n), bytearray(2 * n)
                values[0::2], values[1::2] = noise.translate(matrix[0]), noise.translate(matrix[1])
                out.write(values)
                count -= n
    print(f"{a.folder}: {offset // 2} parameters, {offset} bytes")


if __name__ == "__main__":
    main()
