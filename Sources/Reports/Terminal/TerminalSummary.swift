import RunRecords

/// A report in a few lines, for the end of a command.
package enum TerminalSummary {
    /// - Parameter width: columns there are; whole columns of the table are left out where they do not fit.
    /// - Returns: lines with a final newline.
    package static func render(_ report: Report, width: Int = 80, color: Bool = false) -> String {
        let style = TerminalStyle(color: color)
        var lines: [String] = []
        for group in RunGroup.groups(of: report.runs) {
            if !lines.isEmpty { lines.append("") }
            let problems = "\(group.dataset.problems) problem\(group.dataset.problems == 1 ? "" : "s")"
            let title = "\(group.model.name) on \(group.dataset.name) (\(problems), \(group.prompt))"
            lines.append(style.bold(TerminalText.fitted(title, width)))
            lines += table(group, width: width, style)
            lines += group.runs.flatMap { verdicts($0, width: width) }
        }
        let points = BenchmarkTable.lines(report.benchmarks, width: width)
        if let header = points.first { lines += [style.dim(header)] + points.dropFirst() }
        let loads = ServingTable.lines(report.serving, width: width)
        if let header = loads.first { lines += [style.dim(header)] + loads.dropFirst() }
        for note in ReportNotes.all(report) {
            lines += wrapped("note: " + note, width).map(style.yellow)
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private struct Column {
        var title: String
        var cells: [String]

        var width: Int { ([title] + cells).map(TerminalText.width).max() ?? 0 }
    }

    private static func table(_ group: RunGroup, width: Int, _ style: TerminalStyle) -> [String] {
        func column(_ title: String, _ cell: (RunReport) -> String) -> Column {
            Column(title: title, cells: group.runs.map { TerminalText.fitted(cell($0), width) })
        }
        func known(_ text: String) -> String { text == Quantity.notMeasured ? "-" : text }
        // In order of weight: the last go first when the terminal is narrow.
        var columns = [
            column("dtype") { $0.label },
            column(group.metric) { known(Quantity.percent($0.accuracy.value)) },
            column("95 % interval") { known(Quantity.interval($0.accuracy.ci95)) },
        ]
        for k in group.ks {
            columns.append(
                column("pass@\(k)") { run in
                    Quantity.percent(run.accuracy.passAtK.first { $0.k == k }?.value)
                })
        }
        columns += [
            column("passed") { "\($0.accuracy.passed)/\($0.accuracy.total)" }
        ]
        if group.hasThroughput {
            columns.append(column("decode tok/s") { known(Quantity.rate($0.throughput?.decodeTokensPerS)) })
            columns.append(column("prefill") { known(Quantity.rate($0.throughput?.prefillTokensPerS)) })
        }
        if group.hasMemory { columns.append(column("peak RSS") { known(Quantity.bytes($0.memory?.peakRssBytes)) }) }
        while columns.count > 2, columns.reduce(-2, { $0 + $1.width + 2 }) > width { columns.removeLast() }
        let header = columns.enumerated().map { TerminalText.padded($1.title, $1.width, right: $0 > 0) }
        return [style.dim(header.joined(separator: "  "))]
            + group.runs.indices.map { row in
                columns.enumerated().map { index, column in
                    let cell = TerminalText.padded(column.cells[row], column.width, right: index > 0)
                    return index == 1 ? style.bold(cell) : cell
                }.joined(separator: "  ")
            }
    }

    private static func verdicts(_ run: RunReport, width: Int) -> [String] {
        let verdicts = run.accuracy.verdicts
        let told = VerdictOrder.sorted(Set(verdicts.keys)).map { "\(verdicts[$0] ?? 0) \($0)" }.joined(separator: ", ")
        return told.isEmpty ? [] : wrapped("\(run.label): \(told)", width)
    }

    private static func wrapped(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        for word in TerminalText.printable(text).split(separator: " ") {
            if let last = lines.last, TerminalText.width(last) + 1 + TerminalText.width(String(word)) <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append((lines.isEmpty ? "" : "  ") + word)
            }
        }
        return lines
    }
}
