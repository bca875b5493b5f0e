import RunRecords

/// Points of a benchmark in columns, for a terminal.
enum BenchmarkTable {
    /// - Parameter width: columns there are; the last columns are left out where they do not fit.
    static func lines(_ all: [BenchmarkRecord], width: Int) -> [String] {
        guard !all.isEmpty else { return [] }
        func known(_ text: String) -> String { text == Quantity.notMeasured ? "-" : text }
        var columns: [(title: String, cells: [String])] = [
            ("", all.map { BenchmarkWords.configuration($0, among: all) }),
            ("prompt", all.map { "\($0.promptTokens)" }), ("new", all.map { "\($0.generatedTokens)" }),
            ("batch", all.map { "\($0.batchSize)" }),
            ("prefill tok/s", all.map { known(Quantity.rate($0.prefillTokensPerS)) }),
            ("decode tok/s", all.map { known(Quantity.rate($0.decodeTokensPerS)) }),
            ("of bandwidth", all.map { known(Quantity.percent($0.bandwidthShare)) }),
            ("of FLOPs", all.map { known(Quantity.percent($0.computeShare)) }),
            ("peak RSS", all.map { known(Quantity.bytes($0.peakRssBytes)) }),
            ("TTFT p50", all.map { known(Quantity.seconds($0.ttftS?.p50)) }),
        ]
        func span(_ column: (title: String, cells: [String])) -> Int {
            ([column.title] + column.cells).map(TerminalText.width).max() ?? 0
        }
        while columns.count > 6, columns.reduce(-2, { $0 + span($1) + 2 }) > width { columns.removeLast() }
        func line(_ cell: ((title: String, cells: [String])) -> String) -> String {
            columns.enumerated().map { TerminalText.padded(cell($1), span($1), right: $0 > 0) }.joined(separator: "  ")
        }
        return [line(\.title)] + all.indices.map { row in line { $0.cells[row] } }
    }
}
