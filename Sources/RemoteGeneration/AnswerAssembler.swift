import Generation

/// Puts one answer together from the events of its stream, with the time of each.
struct AnswerAssembler {
    /// What an event did.
    enum Step: Equatable {
        /// Text that is certain now; empty where the event brought none.
        case text(String)
        /// Nothing more will come that matters.
        case done
    }

    /// Chunks after our own stop string in which the server may still say how many tokens it made.
    static let patience = 16

    private let request: GenerationRequest
    private var matcher: StopMatcher
    private var text = ""
    private var arrivals: [Double] = []
    private var tokens: [Int] = []
    /// Whether every chunk that brought text brought its token ids.
    private var idsAreWhole = true
    private var promptTokens: [Int] = []
    private var steps: [CompletionChunk.Logprobs.Step] = []
    private var usage: TokenUsage?
    private var finish: FinishReason?
    private var chunksAfterStop: Int?
    /// Whether the server said that nothing more comes.
    private(set) var isClosed = false

    init(_ request: GenerationRequest) {
        self.request = request
        matcher = StopMatcher(request.stop)
    }

    /// Whether a token has come.
    var hasBegun: Bool { !arrivals.isEmpty }

    /// Takes the data of one event.
    /// - Parameter seconds: since the request was sent.
    /// - Throws: `EndpointError` without the endpoint's name: what the server reported, or that this is not the protocol.
    mutating func append(_ event: [UInt8], at seconds: Double) throws(EndpointError) -> Step {
        if event.elementsEqual("[DONE]".utf8) {
            isClosed = true
            return .done
        }
        guard let chunk = CompletionChunk(event) else {
            throw EndpointError(
                "sent what is no chunk of a completion (\(String(decoding: event.prefix(200), as: UTF8.self).oneLine(120)))"
            )
        }
        if let error = chunk.error { throw EndpointError("reported: \(error.message.oneLine(400))") }
        if chunk.choices == nil, let message = chunk.message {
            throw EndpointError("reported: \(message.oneLine(400))")
        }
        take(chunk.usage)
        guard let choice = chunk.choices?.first else { return chunksAfterStop == nil ? .text("") : countDown() }
        try take(choice)
        guard chunksAfterStop == nil else { return countDown() }
        let piece = choice.text ?? choice.delta?.content ?? ""
        if isToken(choice, piece) { arrivals.append(seconds) }
        take(ids: choice.tokenIDs, of: choice, piece)
        if let logprobs = choice.logprobs { steps += logprobs.steps }
        let certain = matcher.append(piece)
        text += certain.text
        if certain.stopped {
            finish = .stop
            chunksAfterStop = 0
        }
        return .text(certain.text)
    }

    /// A chunk of chat that names the role alone is no token; an empty text of a completion is one that shows nothing.
    private func isToken(_ choice: CompletionChunk.Choice, _ piece: String) -> Bool {
        if choice.text != nil || !piece.isEmpty || choice.finishReason != nil || choice.tokenIDs?.isEmpty == false {
            return true
        }
        return [choice.delta?.reasoningContent, choice.delta?.reasoning].contains { $0?.isEmpty == false }
    }

    private mutating func take(ids: [Int]?, of choice: CompletionChunk.Choice, _ piece: String) {
        if let ids { tokens += ids } else if !piece.isEmpty { idsAreWhole = false }
        if let ids = choice.promptTokenIDs, promptTokens.isEmpty { promptTokens = ids }
    }

    private mutating func take(_ counted: CompletionChunk.Usage?) {
        // A server that counts more than it was allowed to make has not counted.
        guard let counted, let prompt = counted.promptTokens, let generated = counted.completionTokens, prompt >= 0,
            (0...request.maxNewTokens + 1).contains(generated)
        else { return }
        usage = TokenUsage(promptTokens: prompt, generatedTokens: generated)
    }

    private mutating func take(_ choice: CompletionChunk.Choice) throws(EndpointError) {
        guard let reason = choice.finishReason, finish == nil else { return }
        switch reason {
        case "length": finish = .length
        case "eos", "eos_token", "end_turn": finish = .eos
        case "stop_sequence": finish = .stop
        case "stop":
            // "stop" is both a stop string and the end of the answer; vLLM alone tells which.
            switch choice.stopReason {
            case .text: finish = .stop
            case .token: finish = .eos
            case nil: finish = request.stop.isEmpty ? .eos : .stop
            }
        default: throw EndpointError("ended the answer by \"\(reason.oneLine(60))\", which is no end of an answer")
        }
    }

    /// The generated ids, from chunks or log probabilities; empty where they do not add up to what the server counted.
    private var wholeTokens: [Int] {
        let named = steps.compactMap(\.id)
        let ids = idsAreWhole && !tokens.isEmpty ? tokens : named.count == steps.count ? named : []
        guard let usage else { return idsAreWhole ? tokens : [] }
        return ids.count == usage.generatedTokens ? ids : []
    }

    private mutating func countDown() -> Step {
        let count = (chunksAfterStop ?? 0) + 1
        chunksAfterStop = count
        // The server stops by itself if it knows our stop strings, and counts; otherwise it is told to by hanging up.
        return usage != nil || count > Self.patience ? .done : .text("")
    }

    /// The answer, and text that had been held back.
    /// - Parameter count: counts the tokens of a text where the server did not; nil where nobody can.
    /// - Throws: `EndpointError` without the endpoint's name if the stream broke off.
    mutating func finished(
        count: (String) -> TokenUsage?
    ) throws(EndpointError) -> (result: GenerationResult, rest: String, counting: TokenCounting) {
        guard let finish else {
            throw EndpointError(
                isClosed
                    ? "closed the stream without saying why the answer ends" : "broke the stream off in mid-answer")
        }
        guard let first = arrivals.first else { throw EndpointError("ended the answer without a single token") }
        let rest = chunksAfterStop == nil ? matcher.finish() : ""
        text += rest
        let ids = wholeTokens
        if usage == nil, !ids.isEmpty, !promptTokens.isEmpty {
            usage = TokenUsage(promptTokens: promptTokens.count, generatedTokens: ids.count)
        }
        var result = GenerationResult(
            id: request.id, text: text, promptTokens: promptTokens, tokens: ids, finishReason: finish,
            timing: SequenceTiming(
                timeToFirstToken: first, interToken: zip(arrivals.dropFirst(), arrivals).map { $0 - $1 }),
            steps: steps.map(StepLogits.init))
        result.pieces = steps.map(\.token)
        let counted = usage == nil ? count(text) : nil
        result.usage = usage ?? counted
        return (result, rest, usage != nil ? .server : counted != nil ? .tokenizer : .notMeasured)
    }
}

/// Who counted the tokens of an answer.
package enum TokenCounting: String, Sendable, CaseIterable {
    case server = "server usage"
    case tokenizer
    case notMeasured = "not measured"
}

extension StepLogits {
    /// Log probabilities, whose normaliser is 0; an id is −1 where the server names none.
    fileprivate init(_ step: CompletionChunk.Logprobs.Step) {
        self.init(
            id: step.id ?? -1, top: step.top.map { (id: $0.id ?? -1, logit: Float($0.logprob)) },
            logit: Float(step.logprob), logNormalizer: 0)
    }
}
