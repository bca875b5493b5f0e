import Evaluation

/// A protocol under one name: data set, prompts, limit and dtype as a published score was made.
struct Preset {
    var name: String
    var dataset: String
    var prompt: PromptMode
    /// nil: the data set's.
    var maxNewTokens: Int?
    /// nil: the checkpoint's own.
    var dtype: String?
    /// Which published scores it can stand beside.
    var corresponds: String

    static let all = [
        Preset(
            name: "yuan2-humaneval-zh", dataset: "humaneval", prompt: .yuan, maxNewTokens: 511, dtype: "bf16",
            corresponds: "Yuan2.0's own HumanEval (Chinese prompts, zero-shot, greedy, its post-processing)"),
        Preset(
            name: "yuan2-gsm8k", dataset: "yuan2-gsm8k", prompt: .completion, maxNewTokens: 1023, dtype: "bf16",
            corresponds: "Yuan2.0's own GSM8K (Chinese), by a stricter scorer: a lower bound"),
        Preset(
            name: "humaneval", dataset: "humaneval", prompt: .completion, maxNewTokens: 512, dtype: nil,
            corresponds: "pass@1 of base models by human-eval, greedy"),
        Preset(
            name: "humaneval-chat", dataset: "humaneval", prompt: .chat, maxNewTokens: 768, dtype: nil,
            corresponds: "EvalPlus's HumanEval (base tests) of chat models, greedy"),
        Preset(
            name: "humaneval-plus", dataset: "humaneval-plus", prompt: .auto, maxNewTokens: 768, dtype: nil,
            corresponds: "EvalPlus's HumanEval+, greedy"),
        Preset(
            name: "mbpp", dataset: "mbpp", prompt: .completion, maxNewTokens: nil, dtype: nil,
            corresponds: "MBPP test split, few-shot as in its paper, greedy"),
        Preset(
            name: "mbpp-plus", dataset: "mbpp-plus", prompt: .auto, maxNewTokens: 768, dtype: nil,
            corresponds: "EvalPlus's MBPP+, greedy"),
        Preset(
            name: "gsm8k", dataset: "gsm8k", prompt: .completion, maxNewTokens: nil, dtype: nil,
            corresponds: "lm-eval's gsm8k, version 3, five-shot, strict-match"),
        Preset(
            name: "cruxeval", dataset: "cruxeval", prompt: .auto, maxNewTokens: nil, dtype: nil,
            corresponds: "CRUXEval-O, greedy"),
    ]

    static var names: String { all.map(\.name).joined(separator: ", ") }

    static func named(_ name: String) throws -> Preset {
        guard let preset = all.first(where: { $0.name == name }) else {
            throw Failure(Exit.usage, "--preset: unknown preset \"\(name)\"; expected one of \(names)")
        }
        return preset
    }
}

extension Eval {
    /// The same request with the preset's choices where the command line leaves them open.
    func filled(by preset: Preset) -> Eval {
        var request = self
        request.preset = nil
        if dataset == [Self.usualDataset] { request.dataset = [preset.dataset] }
        if prompt == .auto { request.prompt = preset.prompt }
        request.maxNewTokens = maxNewTokens ?? preset.maxNewTokens
        request.dtype = dtype ?? preset.dtype
        return request
    }
}
