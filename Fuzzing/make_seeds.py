#!/usr/bin/env python3
"""Writes the seeds below Fuzzing/Seeds that are no fixtures already. Needs nothing but Python.

    python3 Fuzzing/make_seeds.py
"""
import io
import json
import pathlib
import pickle
import struct
import sys
import types
import zipfile
import zlib

root = pathlib.Path(__file__).resolve().parent
fixtures = root.parent / "Tests/Fixtures"


def write(path, data):
    file = root / "Seeds" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.encode() if isinstance(data, str) else data)


def module(name, *names):
    made = types.ModuleType(name)
    for each in names:
        kind = type(each, (), {}) if each[0].isupper() else lambda *a: a
        kind.__module__, kind.__qualname__, kind.__name__ = name, each, each
        setattr(made, each, kind)
    sys.modules[name] = made
    return made


def torch_file(storage, size, compression=zipfile.ZIP_STORED):
    """A state dict of two tensors as torch.save writes it, without torch."""
    torch = module("torch", "FloatStorage", "BFloat16Storage")
    utils = module("torch._utils", "_rebuild_tensor_v2")

    class Storage:
        def __init__(self, key, count):
            self.id = ("storage", getattr(torch, storage), str(key), "cpu", count)

    class Tensor:
        def __init__(self, key, shape):
            self.shape, self.key = shape, key

        def __reduce__(self):
            count, stride = 1, []
            for n in reversed(self.shape):
                stride.insert(0, count)
                count *= n
            import collections
            return utils._rebuild_tensor_v2, (
                Storage(self.key, count), 0, self.shape, tuple(stride), False, collections.OrderedDict())

    class Pickler(pickle._Pickler):
        def persistent_id(self, value):
            return value.id if isinstance(value, Storage) else None

    text = io.BytesIO()
    Pickler(text, protocol=2).dump({"a.weight": Tensor(0, (2, 3)), "b.weight": Tensor(1, (4,))})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in [
            ("data.pkl", text.getvalue()), ("byteorder", b"little"), ("data/0", bytes(6 * size)),
            ("data/1", bytes(4 * size)), ("version", b"3\n"),
        ]:
            archive.writestr("archive/" + name, data)
    return file.getvalue()


def gguf(pairs, tensors):
    def text(value):
        return struct.pack("<Q", len(value.encode())) + value.encode()

    def tagged(value):
        if isinstance(value, bool):
            return 7, struct.pack("<?", value)
        if isinstance(value, int):
            return 4, struct.pack("<I", value)
        if isinstance(value, float):
            return 6, struct.pack("<f", value)
        if isinstance(value, str):
            return 8, text(value)
        kind = tagged(value[0])[0]
        return 9, struct.pack("<IQ", kind, len(value)) + b"".join(tagged(v)[1] for v in value)

    data = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs))
    for key, value in pairs.items():
        kind, body = tagged(value)
        data += text(key) + struct.pack("<I", kind) + body
    offset = 0
    for name, shape in tensors:
        data += text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        data += struct.pack("<IQ", 0, offset)
        size = 4
        for n in shape:
            size *= n
        offset += -(-size // 32) * 32
    return data + bytes(-len(data) % 32) + bytes(offset)


def model(vocabulary):
    h = 4
    shape = {
        "general.architecture": "llama", "llama.block_count": 1, "llama.embedding_length": h,
        "llama.context_length": 16, "llama.feed_forward_length": h, "llama.attention.head_count": 1,
        "llama.attention.head_count_kv": 1, "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": h,
    }
    count = len(vocabulary["tokenizer.ggml.tokens"])
    names = [("token_embd.weight", [h, count]), ("output_norm.weight", [h])]
    for name in ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]:
        names.append((f"blk.0.{name}.weight", [h, h]))
    names += [("blk.0.attn_norm.weight", [h]), ("blk.0.ffn_norm.weight", [h])]
    return gguf(shape | vocabulary, names)


def record(name):
    return {
        "completion": "x", "detail": "", "extracted": "x", "extraction": "none", "finish_reason": "eos",
        "generated_tokens": 1, "generation_s": 0.5, "id": name, "prompt_tokens": 2, "sample": 0, "scores": {"strict": 1},
        "test_cpu_s": 0.1, "tokens": [1], "tokens_sha256": "ab", "ttft_s": 0.25, "verdict": "passed",
        "verdict_integrity": "in-process-secret",
    }


def shortened(value, length):
    """The value with at most `length` elements in any list of it that is no pair of bounds."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(each, (int, float)) for each in value):
        return value
    if isinstance(value, list):
        return [shortened(each, length) for each in value[:length]]
    if isinstance(value, dict):
        return {key: shortened(each, length) for key, each in value.items()}
    return value[:200] if isinstance(value, str) else value


def main():
    for storage, size in [("FloatStorage", 4), ("BFloat16Storage", 2)]:
        write(f"torch/{storage}.bin", torch_file(storage, size))
    write("torch/deflated.bin", torch_file("FloatStorage", 4, zipfile.ZIP_DEFLATED))
    write("gguf/gpt2.gguf", model({
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "smollm",
        "tokenizer.ggml.tokens": ["<|im_end|>", "a", "b", "ab", "Ġ"], "tokenizer.ggml.token_type": [3, 1, 1, 1, 1],
        "tokenizer.ggml.merges": ["a b"], "tokenizer.ggml.bos_token_id": 0, "tokenizer.ggml.eos_token_id": 0,
        "tokenizer.chat_template": "{% for m in messages %}{{ m['content'] }}{% endfor %}"}))
    write("gguf/llama.gguf", model({
        "tokenizer.ggml.model": "llama", "tokenizer.ggml.tokens": ["<unk>", "<s>", "</s>", "▁", "a", "<0x0A>", "▁a"],
        "tokenizer.ggml.scores": [0.0, 0.0, 0.0, -1.0, -2.0, 0.0, -0.5],
        "tokenizer.ggml.token_type": [2, 3, 3, 1, 1, 6, 1], "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.bos_token_id": 1, "tokenizer.ggml.eos_token_id": 2, "tokenizer.ggml.add_bos_token": True}))
    for number, source in enumerate(json.loads((fixtures / "tokenizers/templates.json").read_text())["sources"]):
        write(f"template/{number:02}.jinja", source)
    samples = [{"task_id": "a/1", "completion": "    return 1\n"}, {"task_id": "a/1", "solution": "def f():\n    return 1\n"}]
    write("samples/two.jsonl", "".join(json.dumps(s) + "\n" for s in samples))
    rows = [
        {"task_id": "MBPP/1", "prompt": "p", "code": "def f(): return 1", "test_list": ["assert f() == 1"]},
        {"question": "1+1?", "answer": "It is 2.\n#### 2"},
        {"id": "sample_0", "code": "def f(x):\n    return x", "input": "1", "output": "1"},
        {"id": "x/1", "prompt": "2+2=", "answer": "4"},
    ]
    for number, row in enumerate(rows):
        write(f"dataset/{number}.jsonl", json.dumps(row) + "\n")
    lines = ""
    for name in ["a/1", "a/2"]:
        body = json.dumps({"record": record(name), "run": "tiny/bf16"}, sort_keys=True, separators=(",", ":"))[1:]
        lines += f'{{"crc32":"{zlib.crc32(body.encode()):08x}",{body}\n'
    write("journal/two.jsonl", lines)
    reports = root.parent / "Reports"
    for name, source, length in [
        ("eval", "baselines/yuan2-nano", 2), ("bench", "examples/bench-yuan2-2b", 2), ("precision", "examples/smollm2-dtypes", 1),
        ("dtypes", "examples/nano", 2),
    ]:
        report = json.loads((reports / source / "report.json").read_text())
        write(f"report/{name}.json", json.dumps(shortened(report, length), separators=(",", ":"), ensure_ascii=False))
    answered = {"input_tokens": 5, "output_tokens": 3, "ttft_s": 0.5, "tpot_s": 0.25, "e2el_s": 1.0, "itl_s": [0.25, 0.25], "error": None}
    nothing = dict.fromkeys(answered) | {"itl_s": [], "error": "status 500"}
    write("requests/two.jsonl", "".join(
        json.dumps({"load": 0, "index": i, "start_s": 0.0, **row}) + "\n" for i, row in enumerate([answered, nothing])))
    write("run/one.json", json.dumps({
        "schema_version": 1, "tool": {"name": "yuanbench", "version": "0", "build": "x"},
        "created_at": "2026-01-01T00:00:00Z", "command": ["yuanbench", "eval"], "host": None,
        "runs": [{"key": "tiny/bf16", "settings": {"dtype": "bf16", "model_sha256": "ab"}}]}))


main()
