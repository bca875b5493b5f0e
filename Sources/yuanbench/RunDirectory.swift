import Evaluation
import Foundation
import RemoteGeneration
import Reports
import RunRecords

/// Writes a finished report into its run's folder and shows it.
enum RunDirectory {
    static func finish(_ report: Report, in folder: URL, arguments: RunArguments) throws {
        try finish(report, in: folder, json: arguments.json, quiet: arguments.quiet)
    }

    static func finish(_ report: Report, in folder: URL, json: Bool, quiet: Bool) throws {
        try write(report, in: folder)
        if json {
            try Output.write(String(decoding: try ReportCoding.encode(report), as: UTF8.self))
        } else if !quiet {
            let terminal = Terminal(descriptor: STDOUT_FILENO)
            try Output.write(TerminalSummary.render(report, width: min(terminal.width, 80), color: terminal.color))
        }
        if !quiet {
            Talk.say(
                "report: \(folder.appendingPathComponent("report.html").relativePath), report.md and report.json beside it"
            )
        }
    }

    /// Says what of an earlier run could not be read.
    static func tellSetAside(_ journal: Journal) {
        let bytes = journal.recovery.setAsideBytes
        if bytes > 0 {
            Talk.say(
                "\(bytes) bytes of results.jsonl were no whole record and now lie in results.torn; what they were about is done again"
            )
        }
    }

    private static func make(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(Exit.cannotWrite, "\(folder.path): cannot be made a folder (\(error.localizedDescription))")
        }
    }

    /// Writes every form of a report and its charts.
    /// - Parameter kept: a file name that is left as it is.
    /// - Returns: what was written.
    @discardableResult
    static func write(_ report: Report, in folder: URL, except kept: String? = nil) throws -> [URL] {
        var written: [URL] = []
        try make(folder)
        for format in ReportFormats.everyRun where format.fileName != kept {
            let target = folder.appendingPathComponent(format.fileName)
            try AtomicFile.write(try format.render(report), to: target)
            written.append(target)
        }
        let charts = ReportCharts.all(report)
        if charts.isEmpty { return written }
        let place = folder.appendingPathComponent(ReportCharts.folder)
        try make(place)
        for chart in charts {
            let target = place.appendingPathComponent(chart.name + ".svg")
            try AtomicFile.write(Data(chart.chart.svg().utf8), to: target)
            written.append(target)
        }
        return written
    }

    /// The requests of all loads, a line each.
    static func write(_ requests: [RequestRecord], in folder: URL) throws {
        try make(folder)
        try AtomicFile.write(
            try RequestLines.encode(requests), to: folder.appendingPathComponent(RequestRecord.fileName))
    }

    static func report(host: HostRecord, runs: [RunReport]) -> Report {
        Report(
            tool: Version.record, createdAt: ISO8601DateFormatter().string(from: Date()),
            command: CommandLine.arguments.enumerated().map {
                $0.offset == 0 ? "yuanbench" : EndpointURL.redacted($0.element)
            }, host: host,
            runs: runs)
    }
}
