import ArgumentParser
import Evaluation
import Foundation
import Reports
import RunRecords

/// The report that a run is compared with.
struct Baseline {
    let name: String
    private let report: Report

    init(_ path: String) throws {
        name = path
        report = try ReportFile.read(path)
    }

    /// Whether there will be anything to compare, before hours are spent.
    func check(datasets: [DatasetRecord], prompts: [String], dtypes: [String?]) throws {
        var planned: [RunReport] = []
        for (dataset, prompt) in zip(datasets, prompts) {
            for dtype in dtypes {
                planned.append(
                    RunReport(
                        model: ModelRecord(name: ""), dataset: dataset,
                        settings: SettingsRecord(
                            dtype: dtype, decoding: "greedy", prompt: prompt, extraction: "", maxNewTokens: nil,
                            batchSize: nil, threads: nil, kernels: nil, stop: []),
                        accuracy: AccuracyRecord(metric: "pass@1", records: []), throughput: nil, memory: nil,
                        isolation: IsolationRecord(level: "", description: "", interpreters: [:]), problems: []))
            }
        }
        var plan = report
        plan.runs = planned
        _ = try comparison(with: plan, named: "this run", settings: GateSettings())
    }

    func comparison(with candidate: Report, named name: String, settings: GateSettings) throws -> BaselineComparison {
        try BaselineComparison(
            baseline: report, candidate: candidate, settings: settings, names: (self.name, name))
    }
}

/// Everything a comparison is written to, and the exit code it ends in.
struct ComparisonOutputs {
    private let comparison: BaselineComparison
    private let report: Report
    private let markdown: String
    private let document: ComparisonDocument

    /// - Parameter report: the candidate's, which the outputs are about.
    init(_ comparison: BaselineComparison, baseline: String, candidate: String, report: Report) {
        self.comparison = comparison
        var report = report
        report.comparisons = report.comparisons.filter { $0.kind != "baseline" } + comparison.records
        self.report = report
        markdown = ComparisonMarkdown(comparison, baseline: baseline, candidate: candidate).text()
        document = ComparisonDocument(comparison, baseline: baseline, candidate: candidate)
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }

    /// comparison.json, comparison.md, junit.xml, benchmark.json and annotations.txt.
    func write(to folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(Exit.cannotWrite, "\(folder.path): cannot be made (\(error.localizedDescription))")
        }
        try AtomicFile.write(Data(markdown.utf8), to: folder.appendingPathComponent("comparison.md"))
        try AtomicFile.write(Data(json().utf8), to: folder.appendingPathComponent("comparison.json"))
        for format in ReportFormats.all where format.isOnRequest {
            try AtomicFile.write(try format.render(report), to: folder.appendingPathComponent(format.fileName))
        }
    }

    /// On GitHub: the step summary (`$GITHUB_STEP_SUMMARY`), and annotations on stderr, which the runner reads too.
    func tellContinuousIntegration() throws {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["GITHUB_STEP_SUMMARY"], !path.isEmpty { try append(markdown, to: path) }
        if environment["GITHUB_ACTIONS"] == "true" {
            Talk.write(String(decoding: GitHubAnnotationsReport().render(report), as: UTF8.self))
        }
    }

    /// Ends the command with the gate's exit code.
    func exit() throws {
        if comparison.outcome != .fine { throw ExitCode(Int32(comparison.outcome.rawValue)) }
    }

    private func append(_ text: String, to path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let file = FileHandle(forWritingAtPath: path) else {
            throw Failure(Exit.cannotWrite, "\(path): the step summary cannot be written; check $GITHUB_STEP_SUMMARY")
        }
        defer { try? file.close() }
        do {
            _ = try file.seekToEnd()
            try file.write(contentsOf: Data(text.utf8))
        } catch {
            throw Failure(
                Exit.cannotWrite, "\(path): the step summary cannot be written (\(error.localizedDescription))")
        }
    }
}
