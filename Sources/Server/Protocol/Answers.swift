import Generation

/// `usage` of an answer.
struct Usage: Encodable, Sendable {
    var promptTokens = 0
    var completionTokens = 0

    enum CodingKeys: String, CodingKey {
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case totalTokens = "total_tokens"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(promptTokens, forKey: .promptTokens)
        try container.encode(completionTokens, forKey: .completionTokens)
        try container.encode(promptTokens + completionTokens, forKey: .totalTokens)
    }
}

/// Times of an answer as the engine measured them (an addition to the protocol, beside `usage`).
struct Timings: Encodable, Sendable {
    /// Seconds from the place in the batch to the first token.
    var timeToFirstToken: Double
    /// Tokens after the first by the seconds between them; nil for a single token.
    @NullIfAbsent var tokensPerSecond: Double?

    enum CodingKeys: String, CodingKey {
        case timeToFirstToken = "time_to_first_token_s"
        case tokensPerSecond = "decode_tokens_per_s"
    }

    init(_ timing: SequenceTiming) {
        timeToFirstToken = timing.timeToFirstToken
        let seconds = timing.interToken.reduce(0, +)
        tokensPerSecond = seconds > 0 ? Double(timing.interToken.count) / seconds : nil
    }
}

/// The body of an answer, or of one part of a streamed answer.
struct Answer<Choice: Encodable & Sendable>: Encodable, Sendable {
    var id: String
    /// "text_completion", "chat.completion" or "chat.completion.chunk".
    var object: String
    /// Unix time in seconds.
    var created: Int
    var model: String
    var choices: [Choice]
    /// In a stream asked for usage, null in every part but the last; otherwise absent.
    var usage: NullIfAbsent<Usage>?
    var timings: Timings?
}

extension FinishReason {
    /// As OpenAI names it: a stop string and the model's own end are both "stop".
    var wireName: String { self == .length ? "length" : "stop" }
}

struct CompletionChoice: Encodable, Sendable {
    var index: Int
    var text: String
    @NullIfAbsent var logprobs: CompletionLogprobs?
    @NullIfAbsent var finishReason: String?

    enum CodingKeys: String, CodingKey {
        case index, text, logprobs
        case finishReason = "finish_reason"
    }
}

struct ChatChoice: Encodable, Sendable {
    struct Message: Encodable, Sendable {
        var role: String
        var content: String
    }
    var index: Int
    var message: Message
    @NullIfAbsent var logprobs: ChatLogprobs?
    @NullIfAbsent var finishReason: String?

    enum CodingKeys: String, CodingKey {
        case index, message, logprobs
        case finishReason = "finish_reason"
    }
}

struct ChatChunkChoice: Encodable, Sendable {
    struct Delta: Encodable, Sendable {
        var role: String?
        var content: String?
    }
    var index: Int
    var delta: Delta
    @NullIfAbsent var logprobs: ChatLogprobs?
    @NullIfAbsent var finishReason: String?

    enum CodingKeys: String, CodingKey {
        case index, delta, logprobs
        case finishReason = "finish_reason"
    }
}
