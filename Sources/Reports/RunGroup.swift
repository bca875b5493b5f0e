import RunRecords

/// Runs that differ in their dtype alone, and so stand side by side.
struct RunGroup {
    let runs: [RunReport]

    /// In order of first appearance.
    static func groups(of runs: [RunReport]) -> [RunGroup] {
        var order: [Key] = []
        var members: [Key: [RunReport]] = [:]
        for run in runs {
            let key = Key(run)
            if members[key] == nil { order.append(key) }
            members[key, default: []].append(run)
        }
        return order.compactMap { key in members[key].map(RunGroup.init) }
    }

    private struct Key: Hashable {
        let parts: [String?]

        init(_ run: RunReport) {
            parts = [
                run.model.name, run.model.sha256, run.dataset.name, run.dataset.sha256, run.settings.prompt,
                run.accuracy.metric,
            ]
        }
    }

    private init(_ runs: [RunReport]) {
        self.runs = runs
    }

    /// What all runs of a group share.
    var model: ModelRecord { runs[0].model }
    var dataset: DatasetRecord { runs[0].dataset }
    var prompt: String { runs[0].settings.prompt }
    var metric: String { runs[0].accuracy.metric }

    /// The k above 1 of which a run has pass@k; pass@1 is the score itself.
    var ks: [Int] { Set(runs.flatMap { $0.accuracy.passAtK.map(\.k) }).filter { $0 > 1 }.sorted() }

    var title: String { "\(model.name) on \(dataset.name), \(prompt)" }
    var hasThroughput: Bool { runs.contains { $0.throughput != nil } }
    var hasMemory: Bool { runs.contains { $0.memory != nil } }
}

extension RunReport {
    /// Samples that were not scored.
    var unscored: [ProblemRecord] { problems.filter { Verdicts.unscored.contains($0.verdict) } }
    /// Samples that were scored and did not pass.
    var failures: [ProblemRecord] {
        problems.filter { $0.verdict != Verdicts.passed && !Verdicts.unscored.contains($0.verdict) }
    }
}
