import Execution

/// Proves a problem set: every reference solution passes its own tests, every reference answer is accepted by the scorer.
package struct DatasetVerifier: Sendable {
    package struct Failure: Sendable, Equatable {
        package var id: String
        package var verdict: Verdict
        package var detail: String
    }

    package struct Result: Sendable, Equatable {
        package var passed = 0
        /// Problems that were checked; skipped ones are not in it.
        package var total = 0
        /// In the data set's order.
        package var failures: [Failure] = []
        /// Problems the declaration excludes, with its reasons.
        package var skipped: [String: String] = [:]
    }

    private let dataset: Dataset
    private let judge: Judge
    private let workers: Int

    /// - Parameter workers: tests run at a time.
    package init(dataset: Dataset, runner: any TestRunner, workers: Int = 1) throws(EvaluationError) {
        self.dataset = dataset
        judge = try Judge(declaration: dataset.declaration, runner: runner)
        self.workers = max(1, workers)
    }

    /// Checks all problems.
    /// - Parameter progress: told the number done so far and the number of all.
    package func verify(progress: @Sendable (Int, Int) -> Void = { _, _ in }) async -> Result {
        let problems = dataset.problems.filter { judge.skipped($0) == nil }
        var scores: [String: Score] = [:]
        await withTaskGroup(of: (String, Score).self) { group in
            var next = problems.makeIterator()
            for _ in 0..<workers {
                guard let problem = next.next() else { break }
                group.addTask { (problem.id, await judge.reference(problem)) }
            }
            while let (id, score) = await group.next() {
                scores[id] = score
                progress(scores.count, problems.count)
                if let problem = next.next() { group.addTask { (problem.id, await judge.reference(problem)) } }
            }
        }
        var result = Result()
        result.total = problems.count
        for problem in problems {
            guard let score = scores[problem.id] else { continue }
            if score.verdict == .passed {
                result.passed += 1
            } else {
                result.failures.append(Failure(id: problem.id, verdict: score.verdict, detail: score.detail))
            }
        }
        for problem in dataset.problems { result.skipped[problem.id] = judge.skipped(problem)?.detail }
        return result
    }
}
