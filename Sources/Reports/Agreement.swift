import RunRecords

/// How two runs of the same problems compare, sample by sample, in plain counts.
package struct Agreement: Sendable, Equatable {
    /// One sample on which the runs do not agree.
    package struct Difference: Sendable, Equatable {
        package var id: String
        package var sample: Int
        package var first: String
        package var second: String
    }

    /// Samples that both runs have and scored.
    package var compared = 0
    package var bothPassed = 0
    package var onlyFirstPassed = 0
    package var onlySecondPassed = 0
    package var neitherPassed = 0
    /// Samples with another verdict, in the first run's order.
    package var differences: [Difference] = []
    /// Samples with the same generated tokens (or text, where tokens are not known).
    package var identicalCompletions = 0

    package init(_ first: RunReport, _ second: RunReport) {
        let others = Dictionary(second.problems.map { (Key($0), $0) }, uniquingKeysWith: { earlier, _ in earlier })
        for record in first.problems {
            guard let other = others[Key(record)] else { continue }
            if Verdicts.unscored.contains(record.verdict) || Verdicts.unscored.contains(other.verdict) { continue }
            compared += 1
            switch (record.verdict == Verdicts.passed, other.verdict == Verdicts.passed) {
            case (true, true): bothPassed += 1
            case (true, false): onlyFirstPassed += 1
            case (false, true): onlySecondPassed += 1
            case (false, false): neitherPassed += 1
            }
            if record.verdict != other.verdict {
                differences.append(
                    Difference(id: record.id, sample: record.sample, first: record.verdict, second: other.verdict))
            }
            if Self.identical(record, other) { identicalCompletions += 1 }
        }
    }

    private struct Key: Hashable {
        let id: String
        let sample: Int

        init(_ record: ProblemRecord) {
            id = record.id
            sample = record.sample
        }
    }

    private static func identical(_ a: ProblemRecord, _ b: ProblemRecord) -> Bool {
        if let first = a.tokensSha256, let second = b.tokensSha256 { return first == second }
        return a.completion == b.completion
    }
}
