import Generation
import LanguageModels
import Tensors
import Tokenizers

/// Batched greedy decoding with continuous batching, on a thread of its own.
///
/// Each turn of the loop is one step: prompts of newly admitted sequences are prefilled in chunks, otherwise every
/// running sequence gets its next token. A finished sequence is replaced at once. A sequence's tokens depend on
/// nothing but its own prompt (the kernels see to that), so the order of admission is free.
actor Engine {
    typealias Sink = @Sendable (GenerationEvent) -> Void

    private struct Waiting {
        var request: GenerationRequest
        var prompt: [Int]
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
    private static let prefillTokensPerStep = 512

    nonisolated let unownedExecutor: UnownedSerialExecutor
    private nonisolated let thread: InferenceThread
    private let model: LanguageModel
    private let tokenizer: (any Tokenizer)?
    private let endTokens: Set<Int>
    private let batchSize: Int
    private var waiting: [Waiting] = []
    private var running: [Running] = []
    private var completions: [Int: CheckedContinuation<Void, Never>] = [:]
    private var isLooping = false
    private var nextJob = 0
    private(set) var statistics = GenerationStatistics()

    init(_ model: sending LanguageModel, tokenizer: (any Tokenizer)?, endTokens: Set<Int>, batchSize: Int) {
        let thread = InferenceThread()
        self.thread = thread
        unownedExecutor = thread.asUnownedSerialExecutor()
        statistics.weightsBytes = model.weightsBytes
        self.model = model
        self.tokenizer = tokenizer
        self.endTokens = endTokens
        self.batchSize = batchSize
    }

    deinit { thread.close() }

    /// Runs the requests to their ends; events go to `sink`. Returns early when the task is cancelled.
    func run(_ requests: [(request: GenerationRequest, prompt: [Int])], sink: @escaping Sink) async {
        let job = nextJob
        nextJob += 1
        for (request, prompt) in requests {
            if let reason = refusal(prompt, request) {
                sink(.failed(id: request.id, reason: reason))
            } else {
                waiting.append(Waiting(request: request, prompt: prompt, sink: sink, job: job))
            }
        }
        // Longest prompts first: what remains at the end is short, so the last steps are not run for one straggler.
        waiting.sort { $0.prompt.count + $0.request.maxNewTokens > $1.prompt.count + $1.request.maxNewTokens }
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

    private func isBusy(_ job: Int) -> Bool {
        waiting.contains { $0.job == job } || running.contains { $0.job == job }
    }

    private func cancel(_ job: Int) {
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
                        request: next.request, prompt: next.prompt, state: model.makeSequence(), limit: limit,
                        tokenizer: tokenizer, now: now), sink: next.sink, job: next.job))
        }
    }

    private func step(_ clock: ContinuousClock) {
        let start = clock.now
        if running.contains(where: { $0.sequence.isPrefilling }) {
            let tokens = prefill(clock)
            statistics.prefillSeconds += (clock.now - start).seconds
            statistics.promptTokens += tokens
        } else {
            decode(clock)
            statistics.decodeSeconds += (clock.now - start).seconds
        }
        statistics.kvCachePeakBytes = model.cache.peakBytes
    }

    /// Appends prompt tokens up to the step's budget; sequences whose prompt is now whole get their first token.
    private func prefill(_ clock: ContinuousClock) -> Int {
        var budget = Self.prefillTokensPerStep
        var parts: [LanguageModel.Part] = []
        var lastRows: [(index: Int, row: Int)] = []
        var rows = 0
        for (index, entry) in running.enumerated() where entry.sequence.isPrefilling && budget > 0 {
            let chunk = entry.sequence.nextChunk(limit: budget, alignment: Self.chunkAlignment)
            parts.append(
                LanguageModel.Part(sequence: entry.sequence.state, ids: chunk.map(Int32.init), phase: .prompt))
            entry.sequence.didPrefill(chunk.count)
            rows += chunk.count
            budget -= chunk.count
            if !entry.sequence.isPrefilling { lastRows.append((index, rows - 1)) }
        }
        model.forward(parts)
        choose(lastRows, clock)
        return rows
    }

    /// One token for every running sequence.
    private func decode(_ clock: ContinuousClock) {
        let parts = running.map { entry in
            LanguageModel.Part(
                sequence: entry.sequence.state, ids: [Int32(entry.sequence.tokens.last ?? 0)], phase: .generated)
        }
        model.forward(parts)
        statistics.decodedTokens += parts.count
        choose(running.indices.map { ($0, $0) }, clock)
    }

    /// The greedy choice for each listed sequence from the logits of its row; ended sequences leave the batch.
    private func choose(_ rows: [(index: Int, row: Int)], _ clock: ContinuousClock) {
        guard !rows.isEmpty else { return }
        let logits = model.logits(rows: rows.map(\.row))
        var ended: [Int] = []
        for (slot, entry) in rows.enumerated() {
            let (sequence, sink) = (running[entry.index].sequence, running[entry.index].sink)
            let best = model.backend.topK(max(1, sequence.request.topLogits), row: slot, of: logits)
            statistics.nonFiniteLogits += best.nonFinite
            let token = best.top.first?.id ?? 0
            let isEnd = endTokens.contains(token) || sequence.request.stopTokens.contains(token)
            let (delta, finish) = sequence.accept(token, top: best.top, isEnd: isEnd, now: clock.now)
            statistics.generatedTokens += 1
            if !delta.isEmpty { sink(.text(id: sequence.request.id, delta: delta)) }
            if let finish {
                sink(.finished(sequence.result(finish)))
                ended.append(entry.index)
            }
        }
        for index in ended.sorted(by: >) { remove(at: index) }
    }

    private func remove(at index: Int) {
        let entry = running.remove(at: index)
        entry.sequence.state.release()
        if !isBusy(entry.job) { completions.removeValue(forKey: entry.job)?.resume() }
    }

    /// Why a request cannot be served at all.
    private func refusal(_ prompt: [Int], _ request: GenerationRequest) -> String? {
        let vocabulary = model.configuration.vocabularySize
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
