#!/usr/bin/env python3
"""Times transformers' llama of Yuan2-2B's dimensions with random weights in PyTorch; prints one line of JSON for side_by_side.py.

    python peer_pytorch.py --dtype bf16 --threads 2 --prompt 128 --generate 16 --batch 1,8

Needs torch and transformers. Prefill ends with the first token; decode is every token after it, as in `yuanbench bench`.
"""
import argparse
import json
import time

import torch
import transformers

SHAPES = {
    "llama-2b": dict(vocab_size=135040, hidden_size=2048, intermediate_size=8192, num_hidden_layers=24, num_attention_heads=32, max_position_embeddings=8192),
}

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--shape", choices=SHAPES, default="llama-2b")
parser.add_argument("--dtype", choices=["bf16", "fp16", "fp32"], default="bf16")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--prompt", type=int, default=128)
parser.add_argument("--generate", type=int, default=16)
parser.add_argument("--batch", type=lambda text: [int(n) for n in text.split(",")], default=[1])
options = parser.parse_args()

torch.set_num_threads(options.threads)
dtype = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}[options.dtype]
torch.set_default_dtype(dtype)
model = transformers.LlamaForCausalLM(transformers.LlamaConfig(**SHAPES[options.shape], tie_word_embeddings=False)).eval()


@torch.inference_mode()
def measure(batch, generate):
    """Prefill and decode in tokens/s."""
    ids = torch.randint(10, 30000, (batch, options.prompt))
    start = time.perf_counter()
    out = model(ids, use_cache=True, logits_to_keep=1)
    token = out.logits[:, -1:].argmax(-1)
    first = time.perf_counter()
    for _ in range(generate - 1):
        out = model(token, past_key_values=out.past_key_values, use_cache=True)
        token = out.logits[:, -1:].argmax(-1)
    end = time.perf_counter()
    decode = batch * (generate - 1) / (end - first) if generate > 1 else None
    return batch * options.prompt / (first - start), decode


result = {"version": f"PyTorch {torch.__version__}, transformers {transformers.__version__}, {options.dtype}"}
for batch in options.batch:
    measure(batch, 2)
    result[f"prefill {batch}"], result[f"decode {batch}"] = measure(batch, options.generate)
print(json.dumps({k: v for k, v in result.items() if v is not None}))
