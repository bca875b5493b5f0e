import Generation
import LanguageModels
import Tensors
import Tokenizers

/// Batched decoding with continuous batching, greedy or sampled, on a thread of its own.
///
/// Each turn of the loop is one step, either of prompts, which are prefilled in chunks, or of generated tokens, one or a
/// few for every sequence whose prompt is whole; where both are wanted they take turns. A finished sequence is replaced
/// at once, first come first served. A sequence's tokens depend on nothing but its own request (the kernels and counted
/// draws see to that), so the order of admission, the sharing of prefixes and guessing are free.
actor Engine {
    typealias Sink = @Sendable (GenerationEvent) -> Void

    private struct Waiting {
        var request: GenerationRequest
        var prompt: [Int]
        var path: [PrefixTree.Node]
        var sink: Sink
        var job: Int
    }

    private struct Running {
        var sequence: ActiveSequence
        var sink: Sink
        var job: Int
    }

    /// Chunk boundaries lie at multiples of this many positions, so that prompt tiles are not cut.
    private static let chunkAlignment = 64
    /// Of prefixes kept for waiting prompts.
    private static let mostPrefixBytes = 1 << 30

    nonisolated let unownedExecutor: UnownedSerialExecutor
    private nonisolated let thread: InferenceThread
    private let model: LanguageModel
    private let tokenizer: (any Tokenizer)?
    private let endTokens: Set<Int>
    private let options: EngineOptions
    private let prefixes: PrefixTree
    private var batchSize: Int
    private var decodedLast = true
    private var waiting: [Waiting] = []
    private var running: [Running] = []
    private var completions: [Int: CheckedContinuation<Void, Never>] = [:]
    private var isLooping = false
    private var nextJob = 0
    private(set) var statistics = GenerationStatistics()

    /// The totals, with what is in use at this moment.
    var currentStatistics: GenerationStatistics {
        var current = statistics
        current.kvCacheBytes = model.cache.bytesInUse
        return current
    }

    init(
        _ model: sending LanguageModel, tokenizer: (any Tokenizer)?, endTokens: Set<Int>, batchSize: Int,
        options: EngineOptions
    ) {
        let thread = InferenceThread()
        self.thread = thread
        unownedExecutor = thread.asUnownedSerialExecutor()
        statistics.weightsBytes = model.weightsBytes
        self.model = model
        self.tokenizer = tokenizer
        self.endTokens = endTokens
        self.batchSize = batchSize
        self.options = options
        prefixes = PrefixTree(mostHeldTokens: Self.mostPrefixBytes / max(1, model.cacheBytes(tokens: 64) / 64))
    }

    deinit { thread.close() }

    /// Runs the requests to their ends; events go to `sink`. Returns early when the task is cancelled.
    func run(_ requests: [(request: GenerationRequest, prompt: [Int])], sink: @escaping Sink) async {
        let job = nextJob
        nextJob += 1
        var arrived: [Waiting] = []
        for (request, prompt) in requests {
            if let reason = refusal(prompt, request) {
                sink(.failed(id: request.id, reason: reason))
            } else {
                let path = options.prefixCache ? prefixes.enter(prompt) : []
                arrived.append(Waiting(request: request, prompt: prompt, path: path, sink: sink, job: job))
            }
        }
        // Jobs in the order they came in, so that none starves; within one the longest first, so that its last steps
        // are not run for one straggler.
        waiting += arrived.sorted {
            $0.prompt.count + $0.request.maxNewTokens > $1.prompt.count + $1.request.maxNewTokens
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard isBusy(job) else { return continuation.resume() }
                completions[job] = continuation
                startLoop()
            }
        } onCancel: {
            Task { await self.cancel(job) }
        }
    }

    /// Decides how many sequences run side by side from what the requests can need and the memory that is free.
    func sizeBatch(_ requests: [(request: GenerationRequest, prompt: [Int])], availableBytes: Int?) -> BatchSizing {
        let most = requests.map { min($0.prompt.count + $0.request.maxNewTokens, model.maxPositions) }.max() ?? 1
        let sizing = BatchSizing(
            requests: max(1, requests.count), bytesPerSequence: model.cacheBytes(tokens: most),
            availableBytes: availableBytes)
        batchSize = sizing.size
        return sizing
    }

    private func isBusy(_ job: Int) -> Bool {
        waiting.contains { $0.job == job } || running.contains { $0.job == job }
    }

    private func cancel(_ job: Int) {
        for entry in waiting where entry.job == job { prefixes.leave(entry.prompt, entry.path, owner: nil) }
        waiting.removeAll { $0.job == job }
        for index in running.indices.reversed() where running[index].job == job { remove(at: index) }
        completions.removeValue(forKey: job)?.resume()
    }

    private func startLoop() {
        guard !isLooping else { return }
        isLooping = true
        Task { await self.loop() }
    }

    private func loop() async {
        let clock = ContinuousClock()
        while !waiting.isEmpty || !running.isEmpty {
            let start = clock.now
            admit(now: start)
            step(clock)
            statistics.wallSeconds += (clock.now - start).seconds
            // Lets cancellations and new requests in between two steps.
            await Task.yield()
        }
        isLooping = false
    }

    private func admit(now: ContinuousClock.Instant) {
        while running.count < batchSize, !waiting.isEmpty {
            let next = waiting.removeFirst()
            let limit = min(next.request.maxNewTokens, model.maxPositions - next.prompt.count)
            running.append(
                Running(
                    sequence: ActiveSequence(
                        request: next.request, prompt: next.prompt, path: next.path, state: model.makeSequence(),
                        limit: limit, tokenizer: tokenizer, now: now), sink: next.sink, job: next.job))
        }
    }

    private func step(_ clock: ContinuousClock) {
        let start = clock.now
        let ready = running.indices.filter { !running[$0].sequence.isPrefilling }
        decodedLast = ready.count == running.count || !(options.prefillFirst || decodedLast || ready.isEmpty)
        if decodedLast {
            decode(ready, clock)
            statistics.decodeSteps += 1
            statistics.decodeSeconds += (clock.now - start).seconds
        } else {
            prefill(clock)
            statistics.prefillSeconds += (clock.now - start).seconds
        }
        statistics.kvCachePeakBytes = model.cache.peakBytes
    }

    /// Appends prompt tokens up to the step's budget; sequences whose prompt is now whole get their first token.
    private func prefill(_ clock: ContinuousClock) {
        var budget = options.prefillTokensPerStep
        var parts: [LanguageModel.Part] = []
        var whole: [Choice] = []
        var rows = 0
        var arrived: [(sequence: ActiveSequence, node: PrefixTree.Node)] = []
        for (index, entry) in running.enumerated() where entry.sequence.isPrefilling && budget > 0 {
            let sequence = entry.sequence
            if let prefix = prefixes.prefix(on: sequence.path, beyond: sequence.prefilled) {
                let saved = sequence.adopt(prefix)
                statistics.promptTokens += saved
                statistics.sharedPromptTokens += saved
            }
            let boundary = prefixes.boundary(on: sequence.path, beyond: sequence.prefilled)
            // Another sequence is computing what this one will share.
            if let boundary, !prefixes.claim(boundary, for: ObjectIdentifier(sequence)) { continue }
            let chunk = sequence.nextChunk(
                limit: budget, boundary: boundary?.length, alignment: Self.chunkAlignment)
            sequence.didPrefill(chunk.count)
            parts.append(
                LanguageModel.Part(
                    sequence: sequence.state, ids: chunk.map(Int32.init), phase: .prompt,
                    outputs: sequence.isPrefilling ? 0 : 1))
            rows += chunk.count
            budget -= chunk.count
            if let boundary, boundary.length == sequence.prefilled { arrived.append((sequence, boundary)) }
            if !sequence.isPrefilling { whole.append(Choice(index: index, row: whole.count)) }
        }
        model.forward(parts)
        statistics.promptTokens += rows
        for (sequence, node) in arrived { prefixes.keep(sequence.state, at: node) }
        for choice in whole {
            let sequence = running[choice.index].sequence
            prefixes.leave(sequence.prompt, sequence.path, owner: ObjectIdentifier(sequence))
        }
        choose(whole, clock)
    }

    /// The next token of every ready sequence, and what was guessed to follow it, as far as that turns out right.
    private func decode(_ ready: [Int], _ clock: ContinuousClock) {
        let atTheCostOfOne = model.backend.rowsAtTheCostOfOne(model.weightLayout)
        var budget = options.speculation ? max(0, atTheCostOfOne - ready.count) : 0
        var parts: [LanguageModel.Part] = []
        var choices: [Choice] = []
        var rows = 0
        for index in ready {
            let sequence = running[index].sequence
            let guess = Array(sequence.guess(limit: budget))
            budget -= guess.count
            parts.append(
                LanguageModel.Part(
                    sequence: sequence.state, ids: [Int32(sequence.tokens.last ?? 0)] + guess, phase: .generated))
            choices.append(Choice(index: index, row: rows, guess: guess))
            rows += 1 + guess.count
        }
        model.forward(parts)
        let before = statistics.generatedTokens
        choose(choices, clock)
        statistics.decodedTokens += statistics.generatedTokens - before
    }

    /// A sequence whose logits at output `row` of the step choose its next token; the rows after it belong to tokens guessed to follow.
    private struct Choice {
        var index: Int
        var row: Int
        var guess: [Int32] = []
    }

    /// The tokens of the listed sequences; ended sequences leave the batch.
    private func choose(_ choices: [Choice], _ clock: ContinuousClock) {
        guard !choices.isEmpty else { return }
        let rows = choices.flatMap { $0.row...$0.row + $0.guess.count }
        let sources = choices.flatMap { running[$0.index].sequence.rows($0.guess.count + 1) }
        let chosen = TokenChoice.choose(sources, from: model.logits(rows: rows), model.backend)
        let now = clock.now
        var ended: [Int] = []
        var slot = 0
        for choice in choices {
            if take(choice, chosen[slot...slot + choice.guess.count], now) { ended.append(choice.index) }
            slot += 1 + choice.guess.count
        }
        for index in ended.sorted(by: >) { remove(at: index) }
    }

    /// Gives a sequence its chosen tokens: the first, and further ones while the token before was guessed right.
    /// Returns whether it has ended.
    private func take(_ choice: Choice, _ chosen: ArraySlice<TokenChoice>, _ now: ContinuousClock.Instant) -> Bool {
        let (sequence, sink) = (running[choice.index].sequence, running[choice.index].sink)
        var accepted = 0
        var finish: FinishReason?
        for token in chosen {
            statistics.nonFiniteLogits += token.nonFinite
            guard token.nonFinite < model.configuration.vocabularySize else {
                // Any token would be as good: an answer of such would be scored as if the model had said it.
                sink(.failed(id: sequence.request.id, reason: TokenChoice.noFiniteLogit))
                return true
            }
            let isEnd = endTokens.contains(token.id) || sequence.request.stopTokens.contains(token.id)
            let step = sequence.accept(token, isEnd: isEnd, now: now)
            statistics.generatedTokens += 1
            finish = step.finish
            // The last steps are told even where no text comes with them.
            if !step.delta.isEmpty || (finish != nil && sequence.hasUntoldSteps) {
                sink(.text(id: sequence.request.id, delta: step.delta, steps: sequence.takeUntoldSteps()))
            }
            guard finish == nil, accepted < choice.guess.count, Int(choice.guess[accepted]) == token.id else { break }
            accepted += 1
        }
        if !choice.guess.isEmpty {
            statistics.guessedTokens += choice.guess.count
            statistics.acceptedTokens += accepted
            sequence.verified(guessed: choice.guess.count, accepted: accepted)
            sequence.state.keepOnly(1 + accepted)
        }
        if let finish { sink(.finished(sequence.result(finish))) }
        return finish != nil
    }

    private func remove(at index: Int) {
        let entry = running.remove(at: index)
        if entry.sequence.isPrefilling {
            prefixes.leave(entry.sequence.prompt, entry.sequence.path, owner: ObjectIdentifier(entry.sequence))
        }
        entry.sequence.state.release()
        if !isBusy(entry.job) { completions.removeValue(forKey: entry.job)?.resume() }
    }

    /// Why a request cannot be served at all.
    private func refusal(_ prompt: [Int], _ request: GenerationRequest) -> String? {
        let vocabulary = model.configuration.vocabularySize
        if let fault = request.sampling?.fault { return fault }
        if prompt.isEmpty { return "the prompt has no tokens" }
        if request.maxNewTokens < 1 { return "max-new-tokens is \(request.maxNewTokens), expected at least 1" }
        if let bad = prompt.first(where: { !(0..<vocabulary).contains($0) }) {
            return "prompt token \(bad) is outside the model's vocabulary 0..<\(vocabulary)"
        }
        if prompt.count >= model.maxPositions {
            return "the prompt has \(prompt.count) tokens, but the model's context holds \(model.maxPositions) "
                + "(prompt and answer); shorten the prompt"
        }
        return nil
    }
}
