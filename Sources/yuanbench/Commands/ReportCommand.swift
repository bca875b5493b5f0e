import ArgumentParser
import Foundation
import Reports
import RunRecords

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Renders the report of a run again.",
        discussion: """
            RUN is a run's folder or its report.json. Writes the other forms beside it; --format prints one instead.

            Example:
              yuanbench report runs/demo
              yuanbench report runs/demo --format markdown
            """)

    @Argument(help: ArgumentHelp("A run's folder or its report.json.", valueName: "run"))
    var source: String

    @Option(
        name: .long,
        help: "Print this form: \(ReportFormats.all.map(\.name).joined(separator: ", ")).")
    var format: String?

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["RUN": source])
        if let format, ReportFormats.named(format) == nil {
            throw ValidationError(
                "--format: unknown form \"\(format)\"; expected "
                    + ReportFormats.all.map(\.name).joined(separator: " or ") + ".")
        }
    }

    func run() throws {
        let file = ReportFile.url(source)
        let report = try ReportFile.read(source)
        if let format, let form = ReportFormats.named(format) {
            return try Output.write(String(decoding: try form.render(report), as: UTF8.self))
        }
        let written = try RunDirectory.write(
            report, in: file.deletingLastPathComponent(), except: file.lastPathComponent)
        for target in written { Talk.say("wrote \(target.path)") }
    }
}
