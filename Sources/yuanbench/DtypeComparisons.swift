import Evaluation
import LocalGeneration
import Precision
import RunRecords

/// Compares the runs of one evaluation that differ in their dtype.
enum DtypeComparisons {
    /// - Parameters:
    ///   - runs: of several problem sets and dtypes.
    ///   - extent: with no positions, answers alone are compared.
    static func make(
        _ runs: [RunReport], plans: [EvaluationPlan], source: ModelSource, settings: ModelSettings,
        extent: PrecisionStudy.Extent, quiet: Bool
    ) throws -> [ComparisonRecord] {
        let encoder = PromptEncoder(source)
        return try plans.flatMap { plan in
            var prompts: [String: [Int]] = [:]
            for task in plan.tasks { prompts[task.problem.id] = try? encoder.encode(task.request.prompt) }
            let record = plan.datasetRecord
            return try make(
                runs.filter { $0.dataset == record }, prompts: prompts, source: source, settings: settings,
                extent: extent, quiet: quiet)
        }
    }

    /// - Parameters:
    ///   - runs: of one problem set; the finest dtype among them is the reference.
    ///   - prompts: token ids by problem.
    static func make(
        _ runs: [RunReport], prompts: [String: [Int]], source: ModelSource, settings: ModelSettings,
        extent: PrecisionStudy.Extent, quiet: Bool
    ) throws -> [ComparisonRecord] {
        guard runs.count > 1 else { return [] }
        if extent.positions == 0 { return PairedRuns.dtypes(runs).map { ComparisonRecord(kind: "dtype", $0) } }
        let finest = runs.firstIndex { $0.settings.dtype == "fp32" } ?? 0
        var ordered = runs
        ordered.insert(ordered.remove(at: finest), at: 0)
        var last = ""
        return try PrecisionStudy.comparisons(
            runs: ordered, prompts: prompts, source: source, settings: settings, extent: extent,
            text: { source.tokenizer?.decode([$0], skipSpecial: false) },
            progress: { stage in
                let (head, isNew) = (stage.prefix { $0 != "," }, !stage.hasPrefix(last))
                if isNew && !quiet { Talk.say(String(head)) }
                if isNew { last = String(head) }
            })
    }
}
