import Execution
import Generation
import RunRecords
import Synchronization

/// Runs a plan: generation on one side, scoring beside it, every record kept as it is done.
package struct Evaluator: Sendable {
    private let plan: EvaluationPlan
    private let generator: any Generator
    private let judge: Judge
    private let journal: Journal?
    private let run: String
    private let workers: Int

    /// - Parameters:
    ///   - journal: where records are kept, and found again on resume; nil keeps them in memory only.
    ///   - run: the run's key in the journal.
    ///   - workers: tests run at a time.
    package init(
        plan: EvaluationPlan, generator: any Generator, runner: any TestRunner, journal: Journal? = nil,
        run: String = "run", workers: Int = 1
    ) throws(EvaluationError) {
        self.plan = plan
        self.generator = generator
        judge = try Judge(declaration: plan.dataset.declaration, runner: runner)
        self.journal = journal
        self.run = run
        self.workers = workers
    }

    /// Evaluates; problems that the journal holds already are not repeated.
    ///
    /// The stream ends after `.finished`, or throws: what the generator threw, an `EvaluationError` of kind `cannotWrite`,
    /// or `CancellationError`. Ending the consumer stops the work; what was finished is in the journal.
    package func events() -> AsyncThrowingStream<EvaluationEvent, any Error> {
        EvaluationEvent.stream { try await work($0) }
    }

    /// Evaluates without anybody watching.
    /// - Returns: the records in the data set's order.
    package func records() async throws -> [ProblemRecord] {
        let all = Mutex<[ProblemRecord]>([])
        try await work { event in
            if case .finished(let records) = event { all.withLock { $0 = records } }
        }
        return all.withLock { $0 }
    }

    private func work(_ emit: @escaping @Sendable (EvaluationEvent) -> Void) async throws {
        let queue = ScoringQueue(journal: journal, run: run, workers: workers, emit: emit)
        let answers = plan.answers
        let keys = answers.map { ScoringQueue.Key(id: $0.task.problem.id, sample: $0.sample) }
        let done = queue.adopt(Set(keys))
        emit(.started(total: keys.count, done: done.count))
        let remaining = zip(answers, keys).filter { !done.contains($0.1) }.map(\.0)
        queue.expect(remaining.count)
        do {
            try await perform(remaining, queue, emit)
        } catch {
            // A full disk is told with every record that still became safe.
            try await queue.checkKept()
            throw error
        }
        try await queue.checkKept()
        try Task.checkCancellation()
        emit(.finished(queue.records(keys)))
    }

    private func perform(
        _ remaining: [PlannedAnswer], _ queue: ScoringQueue, _ emit: @escaping @Sendable (EvaluationEvent) -> Void
    ) async throws {
        // A generator's failure is told last: answers it gave before are scored and kept, not cancelled.
        let generatorError = try await withThrowingDiscardingTaskGroup(returning: (any Error)?.self) { group in
            var open: [String: PlannedAnswer] = [:]
            var requests: [GenerationRequest] = []
            for answer in remaining {
                if let record = judge.skipped(answer.task.problem, sample: answer.sample) {
                    group.addTask { await queue.score { record } }
                } else {
                    open[answer.request.id] = answer
                    requests.append(answer.request)
                }
            }
            do {
                guard !requests.isEmpty else { return nil }
                for try await event in generator.generate(requests) {
                    try queue.checkFailure()
                    switch event {
                    case .text: break
                    case .finished(let result):
                        guard let answer = open.removeValue(forKey: result.id) else { continue }
                        emit(.generated(id: answer.task.problem.id, tokens: result.usage?.generatedTokens ?? 0))
                        group.addTask { await queue.score { await judge(answer, result) } }
                    case .failed(let id, let reason):
                        guard let answer = open.removeValue(forKey: id) else { continue }
                        group.addTask { await queue.score { self.failure(answer, reason: reason) } }
                    }
                }
            } catch {
                return error
            }
            try Task.checkCancellation()
            for answer in open.values {
                group.addTask {
                    await queue.score { self.failure(answer, reason: "generation ended without an answer") }
                }
            }
            return nil
        }
        if let generatorError { throw generatorError }
    }

    private func failure(_ answer: PlannedAnswer, reason: String) -> ProblemRecord {
        judge.failure(answer.task.problem, sample: answer.sample, reason: reason)
    }

    private func judge(_ answer: PlannedAnswer, _ result: GenerationResult) async -> ProblemRecord {
        let task = answer.task
        var record = await judge.record(
            task.extractionInput(result.text), rule: task.extraction, problem: task.problem, sample: answer.sample,
            result: result)
        record.prompt = task.prompt.readable
        return record
    }
}
