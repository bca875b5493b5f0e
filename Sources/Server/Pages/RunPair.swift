import Foundation
import RunRecords

/// Two runs side by side, as the page of runs shows them.
struct RunPair: Encodable, Sendable {
    struct Problem: Encodable, Sendable {
        var id: String
        var sample: Int
        var verdictA: String
        var verdictB: String
        var identical: Bool
        var completionA: String
        var completionB: String
    }

    var a: RunFolder.Run
    var b: RunFolder.Run
    /// Whether both are about the same problems (by hash); otherwise they are paired by their ids alone.
    var sameData: Bool
    var comparison: ComparisonRecord
    var problems: [Problem]
    /// Problems that only one of them has or scored.
    var leftOut: [String]

    init(_ a: (index: Int, run: RunReport), _ b: (index: Int, run: RunReport)) {
        self.a = RunFolder.Run(a.index, a.run)
        self.b = RunFolder.Run(b.index, b.run)
        sameData = a.run.dataset.sha256 == b.run.dataset.sha256
        let pairs = PairedRuns(a.run, b.run)
        comparison = ComparisonRecord(kind: "baseline", pairs, labels: ("A", "B"))
        problems = pairs.pairs.map { pair in
            Problem(
                id: pair.a.id, sample: pair.a.sample, verdictA: pair.a.verdict, verdictB: pair.b.verdict,
                identical: pair.isIdentical, completionA: pair.a.completion, completionB: pair.b.completion)
        }
        leftOut = pairs.leftOut
    }
}

/// JSON with the keys of `report.json`.
enum SnakeCaseCoding {
    static func encode(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return (try? encoder.encode(value)) ?? Data("{}".utf8)
    }
}
