import RunRecords

/// Loads in columns, for a terminal and for the page.
enum ServingTable {
    static let header = [
        "", "load", "prompt", "new", "req/s", "output tok/s", "TTFT p50", "TTFT p95", "TPOT p50", "failed", "goodput/s",
    ]

    static func row(_ record: ServingRecord) -> [String] {
        [
            ServingWords.server(record), ServingWords.load(record),
            record.load.promptTokens.map { "\($0)" } ?? record.load.prompts, "\(record.load.maxNewTokens)",
            Quantity.rate(record.requestsPerS), Quantity.rate(record.outputTokensPerS),
            Quantity.seconds(record.ttftS?.p50), Quantity.seconds(record.ttftS?.p95),
            Quantity.seconds(record.tpotS?.p50),
            "\(record.failed)", record.load.goodput == nil ? "–" : Quantity.rate(record.goodputPerS),
        ]
    }

    /// - Parameter width: columns there are; the last columns are left out where they do not fit.
    static func lines(_ all: [ServingRecord], width: Int) -> [String] {
        guard !all.isEmpty else { return [] }
        let rows = all.map { record in
            row(record).map { TerminalText.fitted($0 == Quantity.notMeasured ? "-" : $0, 32) }
        }
        // A single server needs no column of its own.
        let shown = Set(all.map(ServingWords.server)).count > 1 ? 0 : 1
        var columns = Array(header.indices.dropFirst(shown))
        func span(_ column: Int) -> Int {
            ([header[column]] + rows.map { $0[column] }).map(TerminalText.width).max() ?? 0
        }
        while columns.count > 6, columns.reduce(-2, { $0 + span($1) + 2 }) > width { columns.removeLast() }
        func line(_ cells: [String]) -> String {
            columns.map { TerminalText.padded(cells[$0], span($0), right: $0 > 1) }.joined(separator: "  ")
        }
        return [line(header)] + rows.map(line)
    }
}

/// The loads on the page.
enum HTMLServing {
    static func content(_ all: [ServingRecord]) -> [String] {
        let header = [
            "", "load", "prompt", "new", "requests/s", "output tokens/s", "TTFT, mean; p50 / p90 / p95 / p99",
            "TPOT, mean; p50 / p90 / p95 / p99", "E2EL, mean; p50 / p90 / p95 / p99", "failed",
        ]
        let rows = all.map { record in
            let cells = ServingTable.row(record)
            return
                (Array(cells[..<6]) + [record.ttftS, record.tpotS, record.e2elS].map(ServingWords.times) + [cells[9]])
                .map(HTML.text)
        }
        let name = all.first.map { HTML.text($0.endpoint.model) } ?? ""
        return [HTML.table(caption: "\(name): servers under load, by vLLM's formulas", header: header, rows: rows)]
    }
}
