import Evaluation
import Foundation
import Reports
import RunRecords

/// Writes a finished report into its run's folder and shows it.
enum RunDirectory {
    static func finish(_ report: Report, in folder: URL, arguments: RunArguments) throws {
        for format in ReportFormats.all {
            try AtomicFile.write(try format.render(report), to: folder.appendingPathComponent(format.fileName))
        }
        if arguments.json {
            Output.write(String(decoding: try ReportCoding.encode(report), as: UTF8.self))
        } else if !arguments.quiet {
            let terminal = Terminal(descriptor: STDOUT_FILENO)
            Output.write(TerminalSummary.render(report, width: min(terminal.width, 80), color: terminal.color))
        }
        if !arguments.quiet { Talk.say("report: \(folder.appendingPathComponent("report.md").path)") }
    }

    static func report(host: HostRecord, runs: [RunReport]) -> Report {
        Report(
            tool: Version.record, createdAt: ISO8601DateFormatter().string(from: Date()),
            command: CommandLine.arguments.enumerated().map { $0.offset == 0 ? "yuanbench" : $0.element }, host: host,
            runs: runs)
    }
}
