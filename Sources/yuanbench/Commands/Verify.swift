import ArgumentParser
import Evaluation
import Foundation
import LocalGeneration
import RunRecords

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recomputes a report's numbers and names those that do not follow.",
        discussion: """
            REPORT is a run's folder or its report.json. Recomputes totals from the records, statistics, loads from their \
            requests, hashes of tokens, of the data, of the prompts and of the model where these are found, and with \
            --rescore the verdicts from the stored completions. Exits 0 when everything follows, 65 when something does not.

            Example:
              yuanbench verify runs/demo --rescore
            """)

    @Argument(help: "A run's folder or its report.json.")
    var report: String

    @Flag(name: .long, help: "Judge the stored completions again.")
    var rescore = false

    @Option(name: .long, help: "The model, by path or name (default: the one of the report's command line).")
    var model: String?

    @Option(name: .long, help: "A problem set by path, where it is not known by its name (repeatable).")
    var dataset: [String] = []

    @OptionGroup var box: BoxArguments

    @Flag(name: .long, help: "Print the result as JSON on stdout, and nothing else there.")
    var json = false

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["REPORT": report, "--model": model])
        try GivenPaths.refuseEmpty("--dataset", dataset)
    }

    func run() async throws {
        let report = try ReportFile.read(report)
        var verifier = ReportVerifier(report)
        var sources = SourceVerifier(
            report, folder: ReportFile.url(self.report).deletingLastPathComponent(), model: model, datasets: dataset)
        try sources.checkJournal()
        if let requests = try sources.requests() { verifier.check(requests, of: report) }
        try sources.checkModel()
        let plans = sources.checkData()
        if rescore { try await sources.rescore(plans, box: box) }

        let findings = verifier.findings + sources.findings
        if json {
            try Output.write(
                try VerifyDocument(findings, checked: verifier.checked + sources.checked, sources.notChecked).json())
        } else {
            for finding in findings { try Output.write("does not follow: \(finding)\n") }
            for text in sources.notChecked { try Output.write("not checked: \(text)\n") }
            try Output.write(
                findings.isEmpty
                    ? "\(verifier.checked + sources.checked) numbers and texts follow from what the report holds\n"
                    : "\(findings.count) of \(verifier.checked + sources.checked) checks failed\n")
        }
        if !findings.isEmpty { throw ExitCode(Exit.badInput) }
    }
}

private struct VerifyDocument: Encodable {
    struct Entry: Encodable { var place, stored, recomputed: String }

    var checked: Int
    var findings: [Entry]
    var notChecked: [String]

    init(_ findings: [ReportVerifier.Finding], checked: Int, _ notChecked: [String]) {
        self.checked = checked
        self.findings = findings.map { Entry(place: $0.place, stored: $0.stored, recomputed: $0.recomputed) }
        self.notChecked = notChecked
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
