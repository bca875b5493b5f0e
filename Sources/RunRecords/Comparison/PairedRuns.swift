/// Two runs brought together sample by sample.
package struct PairedRuns: Sendable {
    package struct Pair: Sendable {
        package var a: ProblemRecord
        package var b: ProblemRecord

        package init(a: ProblemRecord, b: ProblemRecord) {
            self.a = a
            self.b = b
        }

        /// Same tokens, or the same text where tokens are not known.
        package var isIdentical: Bool {
            if let first = a.tokens, let second = b.tokens { return first == second }
            if let first = a.tokensSha256, let second = b.tokensSha256 { return first == second }
            return a.completion == b.completion
        }

        /// Index of the first generated token that differs (the length, where one side had ended); nil if none does or
        /// tokens are not known.
        package var firstDivergence: Int? {
            guard let first = a.tokens, let second = b.tokens, first != second else { return nil }
            return zip(first, second).enumerated().first { $0.element.0 != $0.element.1 }?.offset
                ?? min(first.count, second.count)
        }

        /// Index of the first Unicode scalar of the completions that differs; nil if none does.
        package var firstDivergenceCharacter: Int? {
            guard a.completion != b.completion else { return nil }
            let (first, second) = (a.completion.unicodeScalars, b.completion.unicodeScalars)
            return zip(first, second).enumerated().first { $0.element.0 != $0.element.1 }?.offset
                ?? min(first.count, second.count)
        }

        package var aPassed: Bool { a.verdict == Verdicts.passed }
        package var bPassed: Bool { b.verdict == Verdicts.passed }
    }

    package let a: RunReport
    package let b: RunReport
    /// In the order of `a`: samples that both have and scored.
    package let pairs: [Pair]
    /// In the order of `a`: samples that both have answered, scored or not.
    package let answered: [Pair]
    /// Samples that one side has not scored or does not have.
    package let leftOut: [String]

    /// Every two runs of one problem set that differ in their dtype, the finest dtype before the others.
    package static func dtypes(_ runs: [RunReport]) -> [PairedRuns] {
        var sets: [[RunReport]] = []
        for run in runs {
            if let index = sets.firstIndex(where: { $0[0].dataset == run.dataset }) {
                sets[index].insert(run, at: run.settings.dtype == "fp32" ? 0 : sets[index].count)
            } else {
                sets.append([run])
            }
        }
        return sets.flatMap { set in
            set.indices.flatMap { first in set[(first + 1)...].map { PairedRuns(set[first], $0) } }
        }
    }

    package init(_ a: RunReport, _ b: RunReport) {
        self.a = a
        self.b = b
        let others = Dictionary(b.problems.map { (Key($0), $0) }, uniquingKeysWith: { earlier, _ in earlier })
        var pairs: [Pair] = []
        var answered: [Pair] = []
        var leftOut: [String] = []
        var seen: Set<Key> = []
        for record in a.problems where seen.insert(Key(record)).inserted {
            let pair = others[Key(record)].map { Pair(a: record, b: $0) }
            let isScored = pair.map { Self.isScored($0.a) && Self.isScored($0.b) } ?? false
            if let pair, isScored || (pair.a.tokens != nil && pair.b.tokens != nil) { answered.append(pair) }
            if let pair, isScored { pairs.append(pair) } else { leftOut.append(Key(record).name) }
        }
        leftOut += b.problems.map(Key.init).filter { !seen.contains($0) }.map(\.name)
        self.pairs = pairs
        self.answered = answered
        self.leftOut = leftOut
    }

    package var bothPassed: Int { pairs.count { $0.aPassed && $0.bPassed } }
    package var onlyA: Int { pairs.count { $0.aPassed && !$0.bPassed } }
    package var onlyB: Int { pairs.count { !$0.aPassed && $0.bPassed } }
    package var neither: Int { pairs.count { !$0.aPassed && !$0.bPassed } }
    /// Pairs that one side alone passed.
    package var flipped: [Pair] { pairs.filter { $0.aPassed != $0.bPassed } }

    private static func isScored(_ record: ProblemRecord) -> Bool { !Verdicts.unscored.contains(record.verdict) }

    private struct Key: Hashable {
        let id: String
        let sample: Int

        init(_ record: ProblemRecord) {
            id = record.id
            sample = record.sample
        }

        var name: String { sample > 0 ? "\(id) sample \(sample)" : id }
    }
}
