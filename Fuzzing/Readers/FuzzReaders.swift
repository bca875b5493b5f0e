import Checkpoints
import Evaluation
import Foundation
import RunRecords
import TestSupport
import Tokenizers

/// Every reader of files that others wrote, by name.
package enum FuzzReaders {
    package static let all: [FuzzReader] =
        [safetensors, index, torch, gguf, configuration] + tokenizers + [template] + records

    package static func named(_ name: String) -> FuzzReader? { all.first { $0.name == name } }

    private static let json = [
        "{\"\":", "[[[[", "]", "}", "null", "true", "-1", "1e999", "0.5", "18446744073709551616", "9223372036854775807",
        "\\ud800", "\\u0000", "\"\":{", ",",
    ]

    private static let safetensors = FuzzReader(
        "safetensors", file: "a.safetensors", seeds: ["badmodels"], endings: [".safetensors"],
        words: json + ["__metadata__", "dtype", "shape", "data_offsets", "F32", "BF16", "F16", "I64", "F8_E4M3"],
        read: inspect)

    private static let index = FuzzReader(
        "index", file: "model.safetensors.index.json",
        seeds: ["badmodels", "golden/yuan-tiny-sharded-bf16"], endings: [".index.json"],
        words: json + [
            "weight_map", "metadata", "total_size", "a.safetensors", "b.bin", "../a.safetensors", "/dev/zero",
        ],
        neighbours: ["a.safetensors": contents("badmodels/st_00_valid.safetensors")], read: inspect)

    private static let torch = FuzzReader(
        "torch", file: "pytorch_model.bin", seeds: [], endings: [],
        words: [
            "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}", "archive/data.pkl",
            "archive/data/0", "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch\nFloatStorage\n",
            "ctorch\nBFloat16Storage\n",
            "ccollections\nOrderedDict\n", "X\u{7}\0\0\0storage", "cposix\nsystem\n", "R", "Q", "(", "t", "}", "u",
            "q\0",
            "h\0", ".",
        ], read: inspect)

    private static let gguf = FuzzReader(
        "gguf", file: "model.gguf", seeds: ["badmodels"], endings: [".gguf"],
        words: [
            "GGUF", "general.architecture", "general.alignment", "llama", "qwen2", "gpt2", "yuan",
            "llama.block_count", "llama.embedding_length", "llama.attention.head_count", "tokenizer.ggml.model",
            "tokenizer.ggml.tokens", "tokenizer.ggml.scores", "tokenizer.ggml.token_type", "tokenizer.ggml.merges",
            "tokenizer.ggml.bos_token_id", "tokenizer.chat_template", "token_embd.weight", "blk.0.attn_q.weight",
        ],
        read: { _, file in
            _ = try ModelInspection.inspect(file).text
            let checkpoint = try CheckpointLoader.open(file)
            if case .gguf(let metadata) = checkpoint.tokenizerSource {
                try exercise(TokenizerLoader.load(gguf: vocabulary(metadata)))
            }
        })

    private static let configuration = FuzzReader(
        "configuration", file: "config.json", seeds: ["badmodels", "golden"], endings: ["/config.json"],
        words: json + [
            "architectures", "model_type", "hidden_size", "num_attention_heads", "num_key_value_heads", "rope_scaling",
            "vocab_size", "torch_dtype", "eos_token_id", "LlamaForCausalLM", "Qwen2ForCausalLM", "YuanForCausalLM",
        ], read: inspect)

    private static let template = FuzzReader(
        "template", file: "chat_template.jinja", seeds: [], endings: [],
        words: [
            "{%", "%}", "{{", "}}", "{#", "#}", "-%}", "{%-", "for ", " in ", "endfor", "if ", "elif", "else", "endif",
            "set ", "namespace(", "range(", "loop.index0", "messages", "['role']", ".content", "|trim", "|tojson",
            "|join(", "|length", "|replace(", ".split(", ".strip()", "raise_exception(", "macro", "not ", " is defined",
            "~", "**", "//", "%", "[::-1]", "99999999999999999999", "'", "\"", "\\",
        ],
        read: { folder, _ in
            guard let template = try ChatTemplate.load(folder: folder) else { return }
            _ = try template.render(
                messages: [("system", "Be brief."), ("user", "Hi 中"), ("assistant", "x")], addGenerationPrompt: true,
                variables: ["bos_token": "<s>", "eos_token": "</s>", "sep_token": "<sep>"])
        })

    private static func inspect(_ folder: URL, _ file: URL) throws {
        _ = try ModelInspection.inspect(file).text
    }

    static func contents(_ path: String) -> [UInt8] { Array((try? Data(contentsOf: Fixtures.url(path))) ?? Data()) }

    /// Encodes and decodes a little with a tokenizer that was accepted.
    static func exercise(_ tokenizer: any Tokenizer) {
        let ids = tokenizer.encode("Hello, world 42\n\tdéjà 中文 <s></s><|im_end|>")
        _ = tokenizer.decode(ids + [-1, 0, 1, tokenizer.vocabularySize, .max], skipSpecial: false)
        _ = tokenizer.summary
    }

    private static func vocabulary(_ metadata: GGUFTokenizerMetadata) -> GGUFVocabulary {
        GGUFVocabulary(
            model: metadata.model, pre: metadata.pre, tokens: metadata.tokens, scores: metadata.scores ?? [],
            types: (metadata.types ?? []).map(Int.init), merges: metadata.merges ?? [], bosID: metadata.bosTokenID,
            eosID: metadata.eosTokenID, unkID: metadata.unknownTokenID, padID: metadata.padTokenID,
            addBOS: metadata.addBOS, addSpacePrefix: metadata.addSpacePrefix, chatTemplate: metadata.chatTemplate)
    }

    static let jsonWords = json
}
