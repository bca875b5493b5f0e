/// One turn of a conversation.
package struct ChatMessage: Codable, Sendable, Equatable {
    package enum Role: String, Codable, Sendable { case system, user, assistant }
    package var role: Role
    package var content: String

    package init(role: Role, content: String) {
        self.role = role
        self.content = content
    }
}

/// What a generator continues.
package enum Prompt: Sendable, Equatable {
    /// Raw text, tokenised as it stands.
    case text(String)
    /// A conversation, rendered by the model's own chat template; `prefill` opens the assistant's answer.
    case chat([ChatMessage], prefill: String)
    /// Token ids, passed through untouched.
    case tokens([Int])
}

/// One sequence to generate, greedily unless `sampling` says otherwise.
package struct GenerationRequest: Sendable, Identifiable {
    package var id: String
    package var prompt: Prompt
    /// Upper bound of new tokens.
    package var maxNewTokens: Int
    /// Generation ends at the first occurrence of one of these in the generated text, which is cut before it.
    package var stop: [String]
    /// Token ids that end generation, besides the model's own end-of-sequence ids.
    package var stopTokens: [Int]
    /// Keep generating past end-of-sequence ids (for measuring).
    package var ignoreEOS: Bool
    /// Record the highest `topLogits` logits of every step.
    package var topLogits: Int
    /// How tokens are drawn; nil takes the highest logit, the lowest id among equals.
    package var sampling: Sampling?

    package init(
        id: String, prompt: Prompt, maxNewTokens: Int, stop: [String] = [], stopTokens: [Int] = [],
        ignoreEOS: Bool = false, topLogits: Int = 0, sampling: Sampling? = nil
    ) {
        self.id = id
        self.prompt = prompt
        self.maxNewTokens = maxNewTokens
        self.stop = stop
        self.stopTokens = stopTokens
        self.ignoreEOS = ignoreEOS
        self.topLogits = topLogits
        self.sampling = sampling
    }
}

/// Why a sequence ended.
package enum FinishReason: String, Codable, Sendable {
    /// One of the request's stop strings occurred.
    case stop
    /// The model's end-of-sequence token was chosen.
    case eos
    /// The limit of new tokens, or of the model's context, was reached.
    case length
}

/// The chosen token of one step and the highest logits, highest first.
package struct StepLogits: Sendable, Equatable {
    /// The chosen token; −1 where an engine elsewhere names no id.
    package var id: Int
    package var top: [(id: Int, logit: Float)]
    /// The chosen token's own logit.
    package var logit: Float
    /// log Σ exp over the whole vocabulary: `logit - logNormalizer` is a natural-log probability. 0 where an engine elsewhere
    /// tells log probabilities instead of logits.
    package var logNormalizer: Float

    package init(id: Int, top: [(id: Int, logit: Float)], logit: Float, logNormalizer: Float) {
        self.id = id
        self.top = top
        self.logit = logit
        self.logNormalizer = logNormalizer
    }

    package static func == (a: StepLogits, b: StepLogits) -> Bool {
        a.id == b.id && a.top.map(\.id) == b.top.map(\.id) && a.top.map(\.logit) == b.top.map(\.logit)
            && a.logit == b.logit && a.logNormalizer == b.logNormalizer
    }
}

/// Tokens of a sequence as its engine counts them.
package struct TokenUsage: Sendable, Equatable {
    package var promptTokens: Int
    package var generatedTokens: Int

    package init(promptTokens: Int, generatedTokens: Int) {
        self.promptTokens = promptTokens
        self.generatedTokens = generatedTokens
    }
}

/// A finished sequence.
package struct GenerationResult: Sendable, Identifiable {
    package var id: String
    /// Generated text, cut before a stop string; without special tokens.
    package var text: String
    /// Token ids of the prompt; empty where an engine elsewhere does not tell them.
    package var promptTokens: [Int]
    /// Every generated token, the end-of-sequence token included; empty where an engine elsewhere does not tell them.
    package var tokens: [Int]
    /// nil where it was not measured.
    package var usage: TokenUsage?
    package var finishReason: FinishReason
    package var timing: SequenceTiming
    package var steps: [StepLogits]
    /// The text of each step's token as an engine elsewhere names it; empty where it does not tell, and from the local one.
    package var pieces: [String] = []

    package init(
        id: String, text: String, promptTokens: [Int], tokens: [Int], finishReason: FinishReason,
        timing: SequenceTiming, steps: [StepLogits] = []
    ) {
        self.id = id
        self.text = text
        self.promptTokens = promptTokens
        self.tokens = tokens
        usage = TokenUsage(promptTokens: promptTokens.count, generatedTokens: tokens.count)
        self.finishReason = finishReason
        self.timing = timing
        self.steps = steps
    }
}

extension GenerationResult {
    /// The generated ids; nil where an engine elsewhere does not tell them.
    package var knownTokens: [Int]? { tokens.isEmpty && usage?.generatedTokens != 0 ? nil : tokens }
}

/// Monotonic times of one sequence, in seconds.
package struct SequenceTiming: Sendable, Equatable {
    /// From admission (the sequence gets its place in the batch) to its first token; elsewhere, from sending the request to
    /// the arrival of its first chunk.
    package var timeToFirstToken: Double
    /// Gaps between successive tokens; elsewhere, between the arrivals of chunks, which may hold several.
    package var interToken: [Double]

    package init(timeToFirstToken: Double, interToken: [Double]) {
        self.timeToFirstToken = timeToFirstToken
        self.interToken = interToken
    }
}

/// What a generator tells while it works.
package enum GenerationEvent: Sendable {
    /// Text that will not change any more, never half a character, and the steps since the text before it (empty unless
    /// the request asks for `topLogits`).
    case text(id: String, delta: String, steps: [StepLogits])
    case finished(GenerationResult)
    /// This request alone could not be done (its prompt is longer than the context, say); the others go on.
    case failed(id: String, reason: String)
}

/// Totals of one `generate` call, measured by the generator itself.
package struct GenerationStatistics: Sendable, Equatable {
    /// Of all prompts, whether computed or taken from a prefix that another had computed.
    package var promptTokens = 0
    /// Those of them that were taken.
    package var sharedPromptTokens = 0
    /// Every chosen token; the first of a sequence comes from its prefill.
    package var generatedTokens = 0
    /// Sequences whose tokens nobody counted: the totals leave them out.
    package var uncountedSequences = 0
    /// Tokens that came from decode steps.
    package var decodedTokens = 0
    package var decodeSteps = 0
    /// Tokens guessed from the text so far, and those of them that were what the model chose.
    package var guessedTokens = 0
    package var acceptedTokens = 0
    /// Wall time of steps that processed prompt tokens, in seconds.
    package var prefillSeconds = 0.0
    /// Wall time of steps that processed generated tokens, in seconds.
    package var decodeSeconds = 0.0
    package var wallSeconds = 0.0
    package var kvCachePeakBytes = 0
    /// Key-value cache in use at this moment.
    package var kvCacheBytes = 0
    package var weightsBytes = 0
    /// Infinities and NaN seen in logits.
    package var nonFiniteLogits = 0

    package init() {}
}

/// Anything that turns prompts into text: the local engine, or later an endpoint.
package protocol Generator: Sendable {
    /// Generates all requests, in whatever order is fastest, and tells of each as it happens.
    ///
    /// The stream ends after the last request; cancelling its consumer stops the work within one step.
    func generate(_ requests: [GenerationRequest]) -> AsyncThrowingStream<GenerationEvent, any Error>
    /// Totals since the generator was made.
    var statistics: GenerationStatistics { get async }
}
