import Evaluation
import Foundation
import LocalGeneration
import RunRecords

/// Checks a report against what it was made from: the journal beside it, the model, the data set, the prompts.
struct SourceVerifier {
    private let report: Report
    private let folder: URL
    private let model: String?
    private let datasets: [String]
    private(set) var findings: [ReportVerifier.Finding] = []
    private(set) var checked = 0
    /// What could not be checked, and why.
    private(set) var notChecked: [String] = []

    init(_ report: Report, folder: URL, model: String?, datasets: [String]) {
        self.report = report
        self.folder = folder
        self.model = model
        self.datasets = datasets
    }

    /// A run's data set, and how its problems were put where that is known.
    struct Plan {
        var run: Int
        var dataset: Dataset
        var plan: EvaluationPlan?
    }

    /// Answers and verdicts of the journal beside the report.
    mutating func checkJournal() throws {
        if report.runs.isEmpty { return }
        guard FileManager.default.fileExists(atPath: folder.appendingPathComponent("results.jsonl").path) else {
            return notChecked.append("the journal: there is no results.jsonl beside the report")
        }
        let journal = try Journal.records(in: folder)
        for (index, run) in report.runs.enumerated() {
            let keys = [run.settings.dtype.map { "\(run.dataset.name)/\($0)" } ?? run.dataset.name, run.dataset.name]
            guard let records = keys.lazy.compactMap({ journal[$0] }).first else {
                notChecked.append("runs[\(index)] against the journal: it has no such run")
                continue
            }
            let known = Dictionary(records.map { ("\($0.sample)/\($0.id)", $0) }, uniquingKeysWith: { $1 })
            for (place, record) in run.problems.enumerated() {
                let entry = "runs[\(index)].problems[\(place)]"
                guard let original = known["\(record.sample)/\(record.id)"] else {
                    add("\(entry).id", record.id, "nothing: results.jsonl has no such record")
                    continue
                }
                expect(record.verdict, original.verdict, "\(entry).verdict")
                expect(record.tokensSha256, original.tokensSha256, "\(entry).tokens_sha256")
                checked += 1
                if record.completion != original.completion {
                    add("\(entry).completion", "another text", "that of results.jsonl")
                }
            }
        }
    }

    /// What the loads of the report were computed from; nil where there are none, or it is not here.
    mutating func requests() throws -> [RequestRecord]? {
        if report.serving.isEmpty { return nil }
        let file = folder.appendingPathComponent(RequestRecord.fileName)
        guard FileManager.default.fileExists(atPath: file.path) else {
            notChecked.append("the loads: there is no \(RequestRecord.fileName) beside the report")
            return nil
        }
        return try RequestLines.decode(
            Data(FileBytes.read(file, limit: ReportFile.maximumBytes)), name: file.path)
    }

    mutating func checkModel() throws {
        let stored = Set(report.runs.compactMap(\.model.sha256))
        if stored.isEmpty { return }
        let name = model ?? argument("--model").last ?? EmbeddedModel.name
        let sha256: String
        do {
            sha256 = try ModelArguments.open(name).checkpoint.sha256()
        } catch {
            if model != nil { throw error }
            return notChecked.append("the model's hash: \"\(name)\" is not here; give --model")
        }
        for (index, run) in report.runs.enumerated() {
            if let stored = run.model.sha256 { expect(stored, sha256, "runs[\(index)].model.sha256") }
        }
    }

    /// Hashes of data and prompts. Returns what is needed to score again.
    mutating func checkData() -> [Plan] {
        let manifest = try? RunManifest.read(from: folder)
        var plans: [Plan] = []
        for (index, run) in report.runs.enumerated() {
            guard let dataset = load(run.dataset.name) else {
                notChecked.append("runs[\(index)]: the data set \(run.dataset.name) is not here; give --dataset")
                continue
            }
            let ids = run.problems.map(\.id)
            guard let selected = try? dataset.selection(ids: ids) else {
                add(
                    "runs[\(index)].problems", "problems that the data set does not have",
                    "a selection of \(run.dataset.name)")
                continue
            }
            expect(run.dataset.sha256, Dataset.sha256(of: selected), "runs[\(index)].dataset.sha256")
            let settings = manifest?.runs.first { $0.key == "\(run.dataset.name)/\(run.label)" }?.settings
            let mode = PromptMode(rawValue: run.settings.prompt)?
                .resolved(for: dataset.declaration, modelHasChatTemplate: true)
            var plan: EvaluationPlan?
            if let mode, mode.name == run.settings.prompt, mode != .yuan {
                plan = try? EvaluationPlan(
                    dataset: dataset, mode: mode, language: settings?["language"], ids: ids,
                    maxNewTokens: run.settings.maxNewTokens, extraction: nil)
            }
            if let plan, let stored = settings?["prompts_sha256"] {
                expect(stored, plan.promptsSha256, "run.json: prompts_sha256 of \(run.dataset.name)/\(run.label)")
            } else {
                notChecked.append("runs[\(index)]: the prompts' hash, which needs run.json beside the report")
            }
            plans.append(Plan(run: index, dataset: dataset, plan: plan))
        }
        return plans
    }

    mutating func rescore(_ plans: [Plan], box: BoxArguments) async throws {
        let (runner, _) = try await box.runner(for: plans.map(\.dataset))
        for plan in plans {
            let rescorer = try Rescorer(dataset: plan.dataset, plan: plan.plan, runner: runner)
            let problems = report.runs[plan.run].problems
            let results = try await withThrowingTaskGroup(of: (Int, [ReportVerifier.Finding]?).self) { group in
                var results: [Int: [ReportVerifier.Finding]?] = [:]
                var next = 0
                func start() {
                    let (index, record) = (next, problems[next])
                    group.addTask {
                        (index, await rescorer.findings(record, at: "runs[\(plan.run)].problems[\(index)]"))
                    }
                    next += 1
                }
                while next < min(box.jobs, problems.count) { start() }
                for try await (index, found) in group {
                    try Task.checkCancellation()
                    results[index] = found
                    if next < problems.count { start() }
                }
                return results
            }
            for index in problems.indices {
                guard let found = results[index] ?? nil else { continue }
                checked += 1
                findings += found
            }
        }
    }

    private func load(_ name: String) -> Dataset? {
        let places = datasets + argument("--dataset") + [name]
        return places.lazy.compactMap { try? Datasets.library.load($0) }.first { $0.declaration.name == name }
    }

    /// The values of an option of the report's command line.
    private func argument(_ option: String) -> [String] {
        let words = report.command
        return words.indices.compactMap { index in
            if words[index] == option, index + 1 < words.count { return words[index + 1] }
            return words[index].hasPrefix(option + "=") ? String(words[index].dropFirst(option.count + 1)) : nil
        }
    }

    private mutating func expect(_ stored: String?, _ follows: String?, _ place: String) {
        checked += 1
        if stored != follows { add(place, stored ?? "null", follows ?? "null") }
    }

    private mutating func add(_ place: String, _ stored: String, _ follows: String) {
        findings.append(.init(place, stored: stored, recomputed: follows))
    }
}
