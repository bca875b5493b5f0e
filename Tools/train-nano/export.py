"""Writes a training checkpoint as a model folder in Hugging Face layout, in bf16, laid out as published Yuan2 files are.

    python export.py WORK_FOLDER MODEL_FOLDER
"""
import json
import pathlib
import shutil
import sys

import torch
from safetensors.torch import save_file

from model import Shape, Yuan
from tokenizer import Tokenizer

CHAT_TEMPLATE = (
    "{% for message in messages %}{% if message['role'] == 'system' %}{{ message['content'].strip() + '\\n' }}"
    "{% else %}{{ message['content'].strip() + (sep_token if loop.last else '<n>') }}{% endif %}{% endfor %}")


def shuffled(q, k, heads):
    """Queries and keys, head after head, cut across the middle: what q_proj and k_proj of real files hold."""
    size = q.shape[0]
    stacked = torch.cat((q.view(heads, -1, size), k.view(heads, -1, size)), dim=1).reshape(2 * size, size)
    return stacked[:size], stacked[size:]


def convolution(old, new):
    """[out, in] twice to [out, in, 2, 1], time oldest first."""
    return torch.stack((old, new), dim=-1).unsqueeze(-1)


def tensors(model):
    out = {"model.embed_tokens.weight": model.embed.weight, "model.norm.weight": model.norm.weight}
    for i, layer in enumerate(model.layers):
        f = layer.filter
        q, k = shuffled(layer.q.weight, layer.k.weight, layer.heads)
        own = {
            "input_layernorm.weight": layer.norm1.weight, "post_attention_layernorm.weight": layer.norm2.weight,
            "self_attn.q_proj.weight": q, "self_attn.k_proj.weight": k, "self_attn.v_proj.weight": layer.v.weight,
            "self_attn.o_proj.weight": layer.o.weight,
            "self_attn.lf_gate.conv1.weight": convolution(f.old1.weight, f.new1.weight), "self_attn.lf_gate.conv1.bias": f.new1.bias,
            "self_attn.lf_gate.conv2.weight": convolution(f.old2.weight, f.new2.weight), "self_attn.lf_gate.conv2.bias": f.new2.bias,
            "self_attn.lf_gate.output_layernorm.weight": f.norm.weight,
            "mlp.up_proj.weight": layer.up.weight, "mlp.gate_proj.weight": layer.gate.weight, "mlp.down_proj.weight": layer.down.weight,
        }
        out |= {f"model.layers.{i}.{name}": value for name, value in own.items()}
    return {name: value.detach().to(torch.bfloat16).contiguous() for name, value in out.items()}


def write(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")


def load(work):
    model = Yuan(Shape())
    state = torch.load(work / "checkpoint.pt", weights_only=True)
    model.load_state_dict(state["model"])
    return model.eval(), state["step"]


def main(work, folder):
    folder.mkdir(parents=True, exist_ok=True)
    model, step = load(work)
    s, tokenizer = model.shape, Tokenizer(work / "tokenizer.model")
    save_file(tensors(model), folder / "model.safetensors", metadata={"format": "pt"})
    shutil.copy(work / "tokenizer.model", folder / "tokenizer.model")
    eod = tokenizer.eod
    ids = {f"{role}_token_id": eod for role in ("bos", "eos", "pad")}
    write(folder / "config.json", {
        "architectures": ["YuanForCausalLM"], "model_type": "yuan", "hidden_act": "silu", "hidden_size": s.hidden,
        "intermediate_size": s.inner, "num_hidden_layers": s.layers, "num_attention_heads": s.heads,
        "max_position_embeddings": s.positions, "rms_norm_eps": 1e-6, "tie_word_embeddings": True, "torch_dtype": "bfloat16",
        "use_cache": True, "causal_mask": True, "use_flash_attention": False, "reset_attention_mask": True,
        "reset_position_ids": True, "use_loss_mask": False, "eod_token": eod, "sep_token": tokenizer.sep, **ids,
        "vocab_size": s.vocabulary})
    write(folder / "generation_config.json", ids)
    write(folder / "tokenizer_config.json", {
        "tokenizer_class": "LlamaTokenizer", "add_bos_token": False, "add_eos_token": False, "bos_token": "<s>",
        "eos_token": "<eod>", "unk_token": "<unk>", "sep_token": "<sep>", "eod_token": "<eod>",
        "model_max_length": s.positions, "clean_up_tokenization_spaces": False, "chat_template": CHAT_TEMPLATE})
    print(f"{folder}: {sum(p.numel() for p in model.parameters())} parameters after step {step}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
