/// Tensor names of llama-like GGUF files in the terms of Hugging Face checkpoints.
enum GGUFNames {
    private static let outer = [
        "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head",
    ]
    private static let inner = [
        "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_norm": "post_attention_layernorm",
        "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    ]

    private static let biased = ["qwen2": ["attn_q", "attn_k", "attn_v"]]

    /// `blk.3.attn_q.weight` → `model.layers.3.self_attn.q_proj.weight`; nil for a name the architecture doesn't have:
    /// leaving such a tensor out would give wrong numbers.
    static func huggingFace(_ name: String, architecture: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let kind = parts.last, kind == "weight" || kind == "bias" else { return nil }
        if kind == "bias", parts.count != 4 || biased[architecture]?.contains(parts[2]) != true { return nil }
        if parts.count == 2, let target = outer[parts[0]] { return "\(target).\(kind)" }
        if parts.count == 4, parts[0] == "blk", let layer = Int(parts[1]), String(layer) == parts[1], layer >= 0,
            let target = inner[parts[2]]
        {
            return "model.layers.\(layer).\(target).\(kind)"
        }
        return nil
    }

    static func isIgnored(_ name: String) -> Bool {
        name == "rope_freqs.weight" || name.hasSuffix(".attn_rot_embd") || name.hasSuffix(".attn_rot_embd.weight")
    }
}
