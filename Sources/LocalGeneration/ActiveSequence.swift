import Generation
import LanguageModels
import Tensors
import Tokenizers

/// A request that has its place in the batch: its cache, what it has produced, and when.
final class ActiveSequence {
    let request: GenerationRequest
    let state: SequenceState
    let prompt: [Int]
    /// The blocks of the prompt that others may share.
    let path: [PrefixTree.Node]
    /// Prompt tokens already in the cache.
    private(set) var prefilled = 0
    private(set) var tokens: [Int] = []
    private var steps: [StepLogits] = []
    private var toldSteps = 0
    private var text = ""
    private var stop: StopMatcher
    private var detokenizer: IncrementalDetokenizer?
    private var lookup: PromptLookup
    private let limit: Int
    private let admitted: ContinuousClock.Instant
    private var lastToken: ContinuousClock.Instant?
    private var timeToFirstToken = 0.0
    private var gaps: [Double] = []

    /// - Parameter limit: new tokens this sequence may have, the model's context considered.
    init(
        request: GenerationRequest, prompt: [Int], path: [PrefixTree.Node], state: SequenceState, limit: Int,
        tokenizer: (any Tokenizer)?, now: ContinuousClock.Instant
    ) {
        self.request = request
        self.prompt = prompt
        self.path = path
        lookup = PromptLookup(prompt)
        self.state = state
        self.limit = limit
        stop = StopMatcher(request.stop)
        detokenizer = tokenizer.map { IncrementalDetokenizer(tokenizer: $0, skipSpecial: true, after: prompt) }
        admitted = now
    }

    var isPrefilling: Bool { prefilled < prompt.count }

    /// The next prompt tokens, at most `limit` and not beyond `boundary`, ending at a multiple of `alignment` unless the
    /// prompt ends before.
    func nextChunk(limit: Int, boundary: Int?, alignment: Int) -> ArraySlice<Int> {
        let furthest = prefilled + max(limit, alignment)
        let end = furthest >= prompt.count ? prompt.count : furthest / alignment * alignment
        return prompt[prefilled..<min(end, boundary ?? end)]
    }

    func didPrefill(_ count: Int) { prefilled += count }

    /// Goes on after what another sequence has computed; returns how many tokens that saves.
    func adopt(_ prefix: SequencePrefix) -> Int {
        let saved = prefix.length - prefilled
        state.adopt(prefix)
        prefilled = prefix.length
        return saved
    }

    /// At most `limit` tokens that may follow the last one.
    func guess(limit: Int) -> ArraySlice<Int32> {
        lookup.guess(limit: min(limit, self.limit - tokens.count - 1))
    }

    func verified(guessed: Int, accepted: Int) { lookup.verified(guessed: guessed, accepted: accepted) }

    /// What the next `count` rows of this sequence's logits are to choose.
    func rows(_ count: Int) -> [TokenChoice.Row] {
        (0..<count).map { TokenChoice.Row(request: request, position: tokens.count + $0) }
    }

    /// Takes the token chosen for this step. Returns the new text, and the reason if the sequence ends here.
    func accept(
        _ choice: TokenChoice, isEnd: Bool, now: ContinuousClock.Instant
    ) -> (delta: String, finish: FinishReason?) {
        if let lastToken {
            gaps.append((now - lastToken).seconds)
        } else {
            timeToFirstToken = (now - admitted).seconds
        }
        lastToken = now
        tokens.append(choice.id)
        lookup.append(choice.id)
        if request.topLogits > 0 {
            steps.append(
                StepLogits(
                    id: choice.id, top: choice.top, logit: choice.logit, logNormalizer: choice.logNormalizer))
        }
        if isEnd && !request.ignoreEOS { return (flush(), .eos) }
        let (delta, stopped) = stop.append(detokenizer?.append(choice.id) ?? "")
        text += delta
        if stopped { return (delta, .stop) }
        if tokens.count < limit { return (delta, nil) }
        return (delta + flush(), .length)
    }

    /// Steps that no text event has carried.
    var hasUntoldSteps: Bool { toldSteps < steps.count }

    func takeUntoldSteps() -> [StepLogits] {
        defer { toldSteps = steps.count }
        return Array(steps[toldSteps...])
    }

    func result(_ finish: FinishReason) -> GenerationResult {
        GenerationResult(
            id: request.id, text: text, promptTokens: prompt, tokens: tokens, finishReason: finish,
            timing: SequenceTiming(timeToFirstToken: timeToFirstToken, interToken: gaps), steps: steps)
    }

    /// What detokeniser and stop matcher still hold, when nothing more will come.
    private func flush() -> String {
        let (last, stopped) = stop.append(detokenizer?.finish() ?? "")
        let delta = stopped ? last : last + stop.finish()
        text += delta
        return delta
    }
}

extension Duration {
    /// This duration in seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
