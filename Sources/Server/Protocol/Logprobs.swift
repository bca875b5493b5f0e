import Generation

/// Natural-log probabilities of chosen tokens and their alternatives, from the engine's logits.
struct StepProbabilities: Sendable {
    struct Token: Sendable {
        var id: Int
        var logprob: Double
    }
    var chosen: Token
    /// Highest first.
    var alternatives: [Token]

    init(_ step: StepLogits, alternatives count: Int) {
        func logprob(_ logit: Float) -> Double {
            let value = Double(logit) - Double(step.logNormalizer)
            // JSON has no infinities; this is what OpenAI writes for "next to impossible".
            return value.isFinite ? value : -9999
        }
        chosen = Token(id: step.id, logprob: logprob(step.logit))
        alternatives = step.top.prefix(count).map { Token(id: $0.id, logprob: logprob($0.logit)) }
    }
}

/// `logprobs` of a completion's choice.
struct CompletionLogprobs: Encodable, Sendable {
    var tokens: [String] = []
    var tokenLogprobs: [Double] = []
    var topLogprobs: [[String: Double]] = []
    /// Where each token begins in the text, in characters (Unicode scalars), the prompt not counted.
    var textOffset: [Int] = []

    enum CodingKeys: String, CodingKey {
        case tokens
        case tokenLogprobs = "token_logprobs"
        case topLogprobs = "top_logprobs"
        case textOffset = "text_offset"
    }

    /// - Parameter offset: where the first token begins; where the next would begin afterwards.
    init(_ steps: [StepProbabilities], texts: TokenTexts, offset: inout Int) {
        for step in steps {
            let text = texts.text(step.chosen.id)
            tokens.append(text)
            tokenLogprobs.append(step.chosen.logprob)
            topLogprobs.append(
                Dictionary(
                    step.alternatives.map { (texts.text($0.id), $0.logprob) }, uniquingKeysWith: { max($0, $1) }))
            textOffset.append(offset)
            offset += text.unicodeScalars.count
        }
    }
}

/// `logprobs` of a chat's choice.
struct ChatLogprobs: Encodable, Sendable {
    struct Token: Encodable, Sendable {
        var token: String
        var logprob: Double
        var bytes: [Int]
        /// nil for an alternative, which has none of its own.
        var topLogprobs: [Token]?

        enum CodingKeys: String, CodingKey {
            case token, logprob, bytes
            case topLogprobs = "top_logprobs"
        }
    }
    var content: [Token]

    init(_ steps: [StepProbabilities], texts: TokenTexts) {
        func token(_ token: StepProbabilities.Token, _ alternatives: [Token]?) -> Token {
            Token(
                token: texts.text(token.id), logprob: token.logprob, bytes: texts.rawBytes(token.id),
                topLogprobs: alternatives)
        }
        content = steps.map { step in token(step.chosen, step.alternatives.map { token($0, nil) }) }
    }
}
