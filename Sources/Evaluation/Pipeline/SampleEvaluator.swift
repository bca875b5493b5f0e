import Crypto
import Execution
import RunRecords

/// Scores completions that were made elsewhere.
package struct SampleEvaluator: Sendable {
    private let set: SampleSet
    private let judge: Judge
    private let extraction: String
    private let journal: Journal?
    private let run: String
    private let workers: Int

    /// - Parameter extraction: name of an extraction rule; nil runs the samples as they are.
    /// - Throws: `EvaluationError` for an unknown rule.
    package init(
        samples: SampleSet, dataset: Dataset, runner: any TestRunner, extraction: String? = nil,
        journal: Journal? = nil, run: String = "run", workers: Int = 1
    ) throws(EvaluationError) {
        if let extraction, ExtractionRules.named(extraction) == nil {
            throw EvaluationError(
                .badInput,
                "no extraction rule \"\(extraction.printable())\"; use one of \(ExtractionRules.names.joined(separator: ", "))"
            )
        }
        set = samples
        judge = try Judge(declaration: dataset.declaration, runner: runner)
        self.extraction = extraction ?? "none"
        self.journal = journal
        self.run = run
        self.workers = workers
    }

    /// What a resume has to match.
    package static func identity(
        samples: SampleSet, dataset: Dataset, extraction: String?, key: String
    ) -> RunIdentity {
        var sha = SHA256()
        for sample in samples.samples {
            sha.update(
                data: Array("\(sample.problem.id)\n\(sample.isWhole)\n\(sample.text.utf8.count):\(sample.text)".utf8))
        }
        return RunIdentity(
            key: key,
            settings: [
                "dataset": dataset.declaration.name, "dataset_version": dataset.declaration.version,
                "dataset_sha256": Dataset.sha256(of: samples.problems), "samples_sha256": hexadecimal(sha.finalize()),
                "extraction": extraction ?? "none", "scorer": "\(dataset.declaration.scorer)",
            ])
    }

    /// Scores; samples that the journal holds already are not repeated. Ends and throws like `Evaluator.events()`.
    package func events() -> AsyncThrowingStream<EvaluationEvent, any Error> {
        EvaluationEvent.stream { try await work($0) }
    }

    private func work(_ emit: @escaping @Sendable (EvaluationEvent) -> Void) async throws {
        let queue = ScoringQueue(journal: journal, run: run, workers: workers, emit: emit)
        let keys = set.samples.map { ScoringQueue.Key(id: $0.problem.id, sample: $0.index) }
        let done = queue.adopt(Set(keys))
        emit(.started(total: keys.count, done: done.count))
        let remaining = zip(set.samples, keys).filter { !done.contains($0.1) }.map(\.0)
        queue.expect(remaining.count)
        await withDiscardingTaskGroup { group in
            for sample in remaining { group.addTask { await queue.score { await record(sample) } } }
        }
        try await queue.checkKept()
        try Task.checkCancellation()
        emit(.finished(queue.records(keys)))
    }

    private func record(_ sample: SampleSet.Sample) async -> ProblemRecord {
        if let record = judge.skipped(sample.problem, sample: sample.index) { return record }
        var input = ExtractionInput(completion: sample.text)
        if case .pythonTests(let python) = sample.problem.content {
            input.entryPoint = python.entryPoint
            if !sample.isWhole { input.prefix = python.prefix }
        }
        return await judge.record(input, rule: extraction, problem: sample.problem, sample: sample.index)
    }
}
