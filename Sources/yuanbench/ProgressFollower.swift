import Evaluation
import Reports
import RunRecords

/// Shows an evaluation's events as progress and returns its records.
enum ProgressFollower {
    /// - Parameter earlier: the records that a resumed run brought along.
    static func follow(
        _ events: AsyncThrowingStream<EvaluationEvent, any Error>, label: String, total: Int,
        earlier: [ProblemRecord], quiet: Bool
    ) async throws -> [ProblemRecord] {
        let display = quiet ? nil : ProgressDisplay(label: label, total: total)
        defer { display?.finish() }
        var records: [ProblemRecord] = []
        for try await event in events {
            switch event {
            case .started(_, let done):
                display?.update {
                    $0.done = done
                    $0.resumed = done
                    $0.passed = earlier.count { $0.verdict == "passed" }
                    $0.scored = earlier.count { Verdicts.scored.contains($0.verdict) }
                }
            case .generated(_, let tokens): display?.update { $0.generatedTokens += tokens }
            case .scored(let record):
                display?.update {
                    $0.done += 1
                    $0.passed += record.verdict == "passed" ? 1 : 0
                    $0.scored += Verdicts.scored.contains(record.verdict) ? 1 : 0
                }
            case .finished(let all): records = all
            }
        }
        try Task.checkCancellation()
        return records
    }
}
