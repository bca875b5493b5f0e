import ArgumentParser
import Foundation
import Reports
import RunRecords

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares two reports problem by problem and exits by the gate.",
        discussion: """
            A is the baseline, B the new report; each is a run's folder or its report.json. Runs are paired by data set \
            hash, dtype and prompt. Exits 0 when B is not worse, 1 when it regressed, 2 when these problems cannot tell.

            With --output, writes comparison.md, comparison.json, junit.xml, benchmark.json (github-action-benchmark) \
            and annotations.txt. On GitHub the step summary is written and annotations are shown.

            Example:
              yuanbench compare runs/main runs/branch --strict --output comparison
            """)

    @Argument(help: "The baseline.")
    var a: String

    @Argument(help: "The new report.")
    var b: String

    @OptionGroup var gate: GateArguments

    @Option(name: .long, help: ArgumentHelp("Write all forms into this folder.", valueName: "folder"))
    var output: String?

    @Flag(name: .long, help: "Print Markdown instead of the summary.")
    var markdown = false

    @Flag(name: .long, help: "Print JSON on stdout, and nothing else there.")
    var json = false

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["A": a, "B": b, "--output": output])
    }

    func run() throws {
        let candidate = try ReportFile.read(b)
        let comparison = try Baseline(a).comparison(with: candidate, named: b, settings: gate.settings)
        let outputs = ComparisonOutputs(comparison, baseline: a, candidate: b, report: candidate)
        if let output { try outputs.write(to: URL(fileURLWithPath: output)) }
        if json {
            try Output.write(try outputs.json())
        } else {
            try Output.write(
                markdown
                    ? ComparisonMarkdown(comparison, baseline: a, candidate: b).text()
                    : ComparisonSummary.render(comparison))
        }
        try outputs.tellContinuousIntegration()
        try outputs.exit()
    }
}
