"""Writes golden_statistics.json: what the statistics of Sources/Precision must find in the golden logits and tokens.

Independent of the Swift code: whole rows at once in numpy's float64, KL as the plain sum p (ln p - ln q).
    python3 Tests/Fixtures/precision/make_expected.py
"""
import json, pathlib, struct
import numpy as np

here = pathlib.Path(__file__).parent
golden = here.parent / "golden"


def tensors(path):
    raw = path.read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:8 + size])
    return {
        name: np.frombuffer(raw, np.float32, int(np.prod(e["shape"])), 8 + size + e["data_offsets"][0])
        .reshape(e["shape"]).astype(np.float64)
        for name, e in header.items() if name != "__metadata__"
    }


def log_softmax(x):
    shifted = x - x.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def side(x, targets):
    logp = log_softmax(x)
    ordered = np.sort(x, -1)
    return {
        "perplexity": float(np.exp(-np.mean(logp[np.arange(len(targets)), targets]))),
        "entropy": float(np.mean(-(np.exp(logp) * logp).sum(-1))),
        "top1": [int(i) for i in x.argmax(-1)],
        "margins": [float(m) for m in ordered[:, -1] - ordered[:, -2]],
    }


def pair(a, b):
    p, q = log_softmax(a), log_softmax(b)
    kl = (np.exp(p) * (p - q)).sum(-1)
    error = np.abs(a - b)
    return {
        "top1_agreement": float(np.mean(a.argmax(-1) == b.argmax(-1))),
        "mean_kl": float(kl.mean()), "kl_p90": float(np.percentile(kl, 90)), "max_kl": float(kl.max()),
        "mean_error": float(error.mean()), "max_error": float(error.max()),
        "error_p999": float(np.percentile(error, 99.9, method="inverted_cdf")),
    }


def first_divergence(a, b):
    return next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), None)


result = []
for model in ("yuan", "llama", "qwen2"):
    logits = tensors(golden / f"{model}_tiny_logits.safetensors")
    recorded = json.loads((golden / f"{model}_tiny_greedy.json").read_text())
    for prompt in ("len3", "len17", "len130"):
        ids = recorded["prompts"][prompt]
        # Positions whose next token is known.
        x = {d: logits[f"{d}.logits.{prompt}"][:-1] for d in ("f32", "bf16", "f16")}
        greedy = {d: recorded["greedy"][f"{d}.{prompt}"]["cached"] for d in x}
        names = [("f32", "bf16"), ("f32", "f16"), ("bf16", "f16")]
        result.append({
            "model": model, "prompt": prompt,
            "sides": {d: side(x[d], ids[1:]) for d in x},
            "pairs": {f"{a},{b}": pair(x[a], x[b]) for a, b in names},
            "first_divergence": {f"{a},{b}": first_divergence(greedy[a], greedy[b]) for a, b in names},
        })
(here / "golden_statistics.json").write_text(json.dumps(result) + "\n")
