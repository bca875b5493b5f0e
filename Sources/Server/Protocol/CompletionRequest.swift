import Generation

/// The body of `POST /v1/completions`.
struct CompletionRequest: WireRequest {
    var common: CommonFields
    var prompts: [Prompt]
    var maxTokens: Int
    /// How many alternatives of each token are told; nil: no log probabilities at all.
    var logprobs: Int?
    var echo: Bool

    init(_ fields: RequestFields, limits: ServerLimits) throws {
        common = try CommonFields(fields, limits: limits)
        guard let prompts = try fields.value("prompt", PromptField.expected, as: PromptField.self)?.prompts else {
            throw APIError.invalid("prompt", "prompt is missing; give \(PromptField.expected)")
        }
        self.prompts = prompts
        let sequences = prompts.count * common.choices
        if prompts.count > limits.sequencesPerRequest || sequences > limits.sequencesPerRequest {
            throw APIError.invalid(
                prompts.count > 1 ? "prompt" : "n",
                "\(prompts.count) prompts with n = \(common.choices) are more than "
                    + "\(limits.sequencesPerRequest) answers; ask in several requests")
        }
        logprobs = try fields.integer("logprobs", in: 0...20)
        echo = try fields.flag("echo")
        if echo && logprobs != nil {
            throw APIError.invalid(
                "echo",
                "echo together with logprobs is not supported: log probabilities are known of generated tokens alone, "
                    + "so tasks that score given texts (loglikelihood) cannot be run here, generating tasks can",
                code: "unsupported_parameter")
        }
        let asked = try fields.integer("max_completion_tokens", in: 1...Int.max)
        maxTokens = try fields.integer("max_tokens", in: 1...Int.max) ?? asked ?? 16
    }
}

/// A string, a list of strings, token ids, or a list of lists of token ids.
private struct PromptField: Decodable {
    static let expected = "a string, a list of strings, a list of token ids or a list of such lists"
    var prompts: [Prompt]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            prompts = [.text(text)]
        } else if let ids = try? container.decode([Int].self), !ids.isEmpty {
            prompts = [.tokens(ids)]
        } else if let texts = try? container.decode([String].self) {
            prompts = texts.map { .text($0) }
        } else if let lists = try? container.decode([[Int]].self) {
            prompts = lists.map { .tokens($0) }
        } else {
            throw APIError.invalid("prompt", "prompt is not \(Self.expected)")
        }
        if prompts.isEmpty { throw APIError.invalid("prompt", "prompt is an empty list; give \(Self.expected)") }
    }
}
