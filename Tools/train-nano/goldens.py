"""Greedy token ids of an exported model by the PyTorch reference in fp32, for the engine's tests.

    python goldens.py MODEL_FOLDER OUTPUT.json

The weights are the exported ones (bf16 values), read back from the file and undone from its layout.
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import load_file

from model import Shape, Yuan
from tokenizer import Tokenizer

PROMPTS = [
    "def dots_around(sign: str) -> str:\n    \"\"\"Return the sign with two dots in front and two dots at the end.\n\n    >>> dots_around('go')\n    '..go..'\n    \"\"\"\n",
    "def count_small(values: list[int], limit: int) -> int:\n    \"\"\"Return how many values in the list are less than limit.\n    \"\"\"\n",
    "Write the Python function `last_three(word: str) -> str`. Return the last 3 characters of the word in upper case.\n\nAnswer with the complete function in one Python code block.<sep>```python\n",
    "Write the Python function `eggs_in_trays(trays: int) -> int`. Each tray has 23 eggs. Return the number of eggs.\nFor example, `eggs_in_trays(2)` returns `46` and `eggs_in_trays(0)` returns `0`.\n\nAnswer with the complete function in one Python code block.<sep>```python\n",
    "x = 1",
]


def load(folder):
    """The model of a folder that `export.py` wrote, in fp32."""
    t = {name: value.float() for name, value in load_file(folder / "model.safetensors").items()}
    model = Yuan(Shape())
    state = {"embed.weight": t["model.embed_tokens.weight"], "norm.weight": t["model.norm.weight"]}
    for i, layer in enumerate(model.layers):
        at = f"model.layers.{i}."
        size = model.shape.hidden
        stacked = torch.cat((t[at + "self_attn.q_proj.weight"], t[at + "self_attn.k_proj.weight"])).view(layer.heads, 2, layer.head, size)
        conv1, conv2 = t[at + "self_attn.lf_gate.conv1.weight"], t[at + "self_attn.lf_gate.conv2.weight"]
        own = {
            "norm1.weight": t[at + "input_layernorm.weight"], "norm2.weight": t[at + "post_attention_layernorm.weight"],
            "q.weight": stacked[:, 0].reshape(size, size), "k.weight": stacked[:, 1].reshape(size, size),
            "v.weight": t[at + "self_attn.v_proj.weight"], "o.weight": t[at + "self_attn.o_proj.weight"],
            "filter.old1.weight": conv1[:, :, 0, 0], "filter.new1.weight": conv1[:, :, 1, 0], "filter.new1.bias": t[at + "self_attn.lf_gate.conv1.bias"],
            "filter.old2.weight": conv2[:, :, 0, 0], "filter.new2.weight": conv2[:, :, 1, 0], "filter.new2.bias": t[at + "self_attn.lf_gate.conv2.bias"],
            "filter.norm.weight": t[at + "self_attn.lf_gate.output_layernorm.weight"],
            "up.weight": t[at + "mlp.up_proj.weight"], "gate.weight": t[at + "mlp.gate_proj.weight"], "down.weight": t[at + "mlp.down_proj.weight"],
        }
        state |= {f"layers.{i}.{name}": value for name, value in own.items()}
    model.load_state_dict(state)
    return model.eval()


@torch.no_grad()
def greedy(model, ids, new, end):
    """Generated ids without the end token, and the smallest gap between the two best logits on the way."""
    out, margin = [], float("inf")
    for _ in range(new):
        logits = model(torch.tensor([ids + out]))[0, -1]
        best = logits.topk(2).values
        margin = min(margin, (best[0] - best[1]).item())
        token = int(logits.argmax())
        if token == end:
            break
        out.append(token)
    return out, margin


def main(folder, path):
    tokenizer, model, cases = Tokenizer(folder / "tokenizer.model"), load(folder), []
    for prompt in PROMPTS:
        ids = tokenizer.encode(prompt)
        out, margin = greedy(model, ids, 64, tokenizer.eod)
        cases.append({"prompt": prompt, "prompt_ids": ids, "tokens": out, "text": tokenizer.decode(out), "margin": round(margin, 5)})
        print(cases[-1]["text"], margin)
    path.write_text(json.dumps({"cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
