import ArgumentParser
import Foundation
import Generation
import LocalGeneration
import Tensors

struct Generate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Continues a prompt, greedily unless --temperature says otherwise.",
        discussion: """
            The prompt is raw text, unless --chat asks for the model's chat template. With --tokens, prints one JSON \
            object with the ids and the five highest logits of each step.

            Example:
              yuanbench generate "def fib(n):" --model smollm2-135m-instruct --max-new-tokens 64
              yuanbench generate --prompt-ids 5,17,42 --model ./checkpoint --max-new-tokens 8 --tokens
            """)

    @OptionGroup var modelArguments: ModelArguments

    @Argument(help: "The prompt.")
    var prompt: String?

    @Option(name: .long, help: ArgumentHelp("The prompt as token ids.", valueName: "5,17,…"))
    var promptIds: String?

    @Option(name: .long, help: ArgumentHelp("A file that holds the prompt, '-' for standard input.", valueName: "file"))
    var promptFile: String?

    @Flag(name: .long, help: "Wrap the prompt in the model's chat template.")
    var chat = false

    @Option(name: .long, help: "Arithmetic: fp32, bf16 or fp16 (default: the checkpoint's own).")
    var dtype: DType?

    @Option(name: .long, help: "New tokens at most (default: up to --max-length).")
    var maxNewTokens: Int?

    @Option(name: .long, help: "Tokens at most, prompt included.")
    var maxLength = 1024

    @OptionGroup var samplingArguments: SamplingArguments

    @Option(name: .long, help: "End before this text (repeatable).")
    var stop: [String] = []

    @Flag(name: .long, help: "Go on past the end-of-sequence token.")
    var ignoreEos = false

    @Flag(name: .long, help: "Print one JSON object with ids and the top logits of each step.")
    var tokens = false

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["--prompt-file": promptFile])
        guard [prompt, promptIds, promptFile].compactMap(\.self).count == 1 else {
            throw ValidationError("Give exactly one of PROMPT, --prompt-ids and --prompt-file.")
        }
        if chat && promptIds != nil { throw ValidationError("--chat needs text, not --prompt-ids.") }
        if let maxNewTokens, maxNewTokens < 1 {
            throw ValidationError("--max-new-tokens is \(maxNewTokens), expected at least 1.")
        }
        if maxLength < 2 { throw ValidationError("--max-length is \(maxLength), expected at least 2.") }
    }

    func run() async throws {
        let request = try requestedPrompt()
        let model = try LoadedModel(
            modelArguments.open(), settings: modelArguments.settings(dtype: dtype), batchSize: 1)
        guard tokens || model.generator.tokenizer != nil else {
            throw Failure(
                Exit.badInput,
                "\(modelArguments.model) has no tokenizer, so there is no text to print; add --tokens for the ids")
        }
        let ids = try model.generator.encode(request)
        let room = maxNewTokens ?? (maxLength - ids.count)
        guard room > 0 else {
            throw Failure(
                Exit.badInput,
                "the prompt has \(ids.count) tokens, which leaves no room within --max-length \(maxLength); "
                    + "raise --max-length or shorten the prompt")
        }
        let events = model.generator.generate([
            GenerationRequest(
                id: "", prompt: .tokens(ids), maxNewTokens: room, stop: stop, ignoreEOS: ignoreEos,
                topLogits: tokens ? 5 : 0, sampling: samplingArguments.sampling())
        ])
        for try await event in events {
            switch event {
            case .text(_, let delta, _): if !tokens { try Output.write(delta) }
            case .finished(let result):
                if tokens {
                    try Output.write(
                        try GeneratedTokens(result, hasText: model.generator.tokenizer != nil).json() + "\n")
                } else {
                    try Output.write("\n")
                }
            case .failed(_, let reason): throw Failure(Exit.badInput, reason)
            }
        }
        try Task.checkCancellation()
    }

    private func requestedPrompt() throws -> Prompt {
        if let promptIds {
            return .tokens(
                try promptIds.split(separator: ",", omittingEmptySubsequences: false).map { part in
                    guard let id = Int(part.trimmingCharacters(in: .whitespaces)), id >= 0 else {
                        throw Failure(
                            Exit.usage, "--prompt-ids: \"\(part)\" is not a token id; expected numbers like 5,17,42")
                    }
                    return id
                })
        }
        let text = try prompt ?? Input.text(ofFile: promptFile ?? "-")
        return chat ? .chat([ChatMessage(role: .user, content: text)], prefill: "") : .text(text)
    }
}

/// The JSON object of `generate --tokens`.
private struct GeneratedTokens: Encodable {
    struct Step: Encodable {
        var id: Int
        var top: [Pair]
    }

    /// `[id, logit]`.
    struct Pair: Encodable {
        var id: Int
        var logit: Float

        func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            try container.encode(id)
            // JSON has no infinities or NaN.
            if logit.isFinite { try container.encode(logit) } else { try container.encodeNil() }
        }
    }

    var promptIds: [Int]
    var ids: [Int]
    var text: String?
    var finishReason: FinishReason
    var steps: [Step]

    enum CodingKeys: String, CodingKey { case promptIds, ids, text, finishReason, steps }

    init(_ result: GenerationResult, hasText: Bool) {
        promptIds = result.promptTokens
        ids = result.tokens
        text = hasText ? result.text : nil
        finishReason = result.finishReason
        steps = result.steps.map { Step(id: $0.id, top: $0.top.map { Pair(id: $0.id, logit: $0.logit) }) }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(promptIds, forKey: .promptIds)
        try container.encode(ids, forKey: .ids)
        try container.encode(text, forKey: .text)
        try container.encode(finishReason, forKey: .finishReason)
        try container.encode(steps, forKey: .steps)
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
