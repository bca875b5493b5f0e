import Checkpoints
import LanguageModels
import LocalGeneration
import RunRecords
import Tensors

/// Compares the dtypes of one model on one problem set: every pair of runs problem by problem, and token by token along
/// the tokens of one of them.
package struct PrecisionStudy {
    /// How far a study goes.
    package struct Extent: Sendable {
        /// Positions whose logits are compared at most; divergences come on top.
        package var positions: Int
        /// Positions whose hidden states are compared layer by layer at most.
        package var layerPositions: Int

        /// What `precision` does.
        package static let full = Extent(positions: 16_384, layerPositions: 512)
        /// What `eval` does by itself: a few seconds for a small model.
        package static let brief = Extent(positions: 2048, layerPositions: 64)

        package init(positions: Int, layerPositions: Int) {
            self.positions = positions
            self.layerPositions = layerPositions
        }
    }

    /// What the study is doing, in words, for progress.
    package typealias Progress = (String) -> Void

    /// - Parameters:
    ///   - runs: of the same problems, one a dtype; the reference's first.
    ///   - prompts: token ids of each problem's prompt.
    ///   - text: the text of a token id; nil without a tokenizer.
    /// - Returns: a comparison for each pair of runs.
    /// - Throws: `PrecisionError` when hidden states cannot be kept, what loading the model throws, `CancellationError`.
    package static func comparisons(
        runs: [RunReport], prompts: [String: [Int]], source: ModelSource, settings: ModelSettings, extent: Extent,
        text: @escaping (Int) -> String?, progress: Progress
    ) throws -> [ComparisonRecord] {
        let dtypes = runs.compactMap { $0.settings.dtype.flatMap(DType.init(rawValue:)) }
        guard dtypes.count == runs.count, dtypes.count > 1, let path = dtypes.first else { return [] }
        let pairs = dtypes.indices.flatMap { first in dtypes.indices.dropFirst(first + 1).map { (a: first, b: $0) } }
        let problems = studied(runs, dtypes, prompts)
        let plan = ForcedPlan(
            problems, path: path, pairs: pairs.map { (dtypes[$0.a], dtypes[$0.b]) }, limit: extent.positions)
        let (layerRows, samples) = layerSamples(plan, limit: extent.layerPositions)

        // One after the other: only one model's weights are in memory at a time.
        var passes: [ForcedPass] = []
        for dtype in dtypes {
            try Task.checkCancellation()
            progress("\(dtype.rawValue): loading for the forced pass")
            passes.append(
                try ForcedPass(
                    source, settings: settings, dtype: dtype, sequences: plan.sequences, layerRows: layerRows,
                    progress: { done in
                        try Task.checkCancellation()
                        progress("\(dtype.rawValue): forced pass, \(done) of \(plan.sequences.count) sequences")
                    }))
        }
        progress("comparing logits at \(plan.positions.count) positions")
        let comparison = LogitComparison(
            targets: plan.positions.map(\.target), sides: dtypes.count, pairs: pairs,
            counted: plan.partings.map { partings in
                let apart = Set(partings.compactMap { $0 })
                return plan.positions.indices.map { plan.positions[$0].isSampled && !apart.contains($0) }
            })
        try LogitSweep.run(passes, source: source, settings: settings, into: comparison)

        return try pairs.enumerated().map { index, pair in
            var record = ComparisonRecord(kind: "dtype", PairedRuns(runs[pair.a], runs[pair.b]))
            record.reference = path.rawValue
            let forced = ForcedSummary(plan: plan, comparison: comparison, pair: index)
            record.forced = forced.record(
                path: path, layers: try LayerErrors.compare(passes[pair.a], passes[pair.b], samples: samples),
                passes: (passes[pair.a], passes[pair.b]))
            record.top1Agreement = forced.top1Agreement
            record.meanKl = record.forced?.kl?.mean
            Divergences(plan: plan, comparison: comparison, pair: index, problems: problems, text: text)
                .add(to: &record, dtypes: (dtypes[pair.a], dtypes[pair.b]))
            return record
        }
    }

    /// Problems whose tokens are known in every dtype.
    private static func studied(
        _ runs: [RunReport], _ dtypes: [DType], _ prompts: [String: [Int]]
    ) -> [StudyProblem] {
        runs[0].problems.compactMap { record in
            guard let prompt = prompts[record.id] else { return nil }
            var tokens: [DType: [Int]] = [:]
            for (run, dtype) in zip(runs, dtypes) {
                tokens[dtype] = run.problems.first { $0.id == record.id && $0.sample == record.sample }?.tokens
            }
            return tokens.count == dtypes.count
                ? StudyProblem(id: record.id, sample: record.sample, prompt: prompt, tokens: tokens) : nil
        }
    }

    /// For each position its place among evenly spread samples; nil for most.
    private static func layerSamples(_ plan: ForcedPlan, limit: Int) -> (rows: [Int?], count: Int) {
        let sampled = plan.positions.indices.filter { plan.positions[$0].isSampled }
        guard limit > 0, !sampled.isEmpty else { return (plan.positions.map { _ in nil }, 0) }
        let step = max(1, (sampled.count + limit - 1) / limit)
        var rows = [Int?](repeating: nil, count: plan.positions.count)
        var count = 0
        for place in stride(from: 0, to: sampled.count, by: step) {
            rows[sampled[place]] = count
            count += 1
        }
        return (rows, count)
    }
}
