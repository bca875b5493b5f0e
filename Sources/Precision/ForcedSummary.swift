import Foundation
import RunRecords
import Tensors

/// Sums up what the forced passes of one pair showed.
struct ForcedSummary {
    private static let bins = 64

    let plan: ForcedPlan
    let comparison: LogitComparison
    let pair: Int

    private var sides: (a: Int, b: Int) { comparison.pairs[pair] }
    private var sampled: [Int] { plan.positions.indices.filter { plan.positions[$0].isSampled } }

    /// Share of sampled positions at which both have the same highest logit; nil of none.
    var top1Agreement: Double? {
        share(sampled) { comparison.side(sides.a, at: $0).top.id == comparison.side(sides.b, at: $0).top.id }
    }

    func record(path: DType, layers: [LayerErrorRecord], passes: (a: ForcedPass, b: ForcedPass)) -> ForcedRecord {
        let sampled = sampled
        let finite = sampled.compactMap { position in
            comparison.divergence(pair, at: position).map { (position, $0) }
        }
        let pairs = finite.map { comparison.pair(pair, at: $0.0) }
        let vocabulary = passes.a.vocabulary
        let errors = pairs.reduce(0) { $0 + $1.errorSum }
        return ForcedRecord(
            path: path.rawValue, positions: sampled.count, positionsTotal: plan.total,
            nonFinitePositions: sampled.count - finite.count, kl: DistributionRecord(of: finite.map(\.1)),
            meanLogitError: pairs.isEmpty ? nil : errors / Double(pairs.count * vocabulary),
            maxLogitError: pairs.map { Double($0.maxError) }.max(),
            logitErrorP999: comparison.histogram(pair).quantile(0.999), klByPosition: byPosition(finite),
            layers: layers, a: side(sides.a, passes.a), b: side(sides.b, passes.b))
    }

    /// KL over the index of the generated token, in bins of equal width.
    private func byPosition(_ finite: [(position: Int, kl: Double)]) -> [PositionRecord] {
        let longest = finite.map { plan.positions[$0.position].index }.max() ?? 0
        let width = longest / Self.bins + 1
        let groups = Dictionary(grouping: finite) { plan.positions[$0.position].index / width }
        return groups.sorted { $0.key < $1.key }.map { bin, members in
            PositionRecord(
                index: bin * width, positions: members.count,
                meanKl: members.reduce(0) { $0 + $1.kl } / Double(members.count))
        }
    }

    private func side(_ index: Int, _ pass: ForcedPass) -> ForcedSideRecord {
        let states = sampled.map { (plan.positions[$0].target, comparison.side(index, at: $0)) }
        let finite = states.filter { $0.1.nonFinite == 0 }
        let logProbabilities = finite.compactMap(\.1.targetLogProbability)
        let perplexity =
            logProbabilities.isEmpty
            ? nil : exp(-logProbabilities.reduce(0, +) / Double(logProbabilities.count))
        return ForcedSideRecord(
            dtype: pass.dtype.rawValue, perplexity: perplexity.flatMap { $0.isFinite ? $0 : nil },
            entropy: finite.isEmpty ? nil : finite.reduce(0) { $0 + $1.1.entropy } / Double(finite.count),
            pathAgreement: states.isEmpty
                ? nil : Double(states.count { $0.0 == $0.1.top.id }) / Double(states.count),
            nonFiniteLogits: states.reduce(0) { $0 + $1.1.nonFinite }, hiddenInfinities: pass.numbers.infinities,
            hiddenNans: pass.numbers.nans, hiddenSaturated: pass.numbers.saturated,
            hiddenMaxAbs: Double(pass.numbers.maxAbs), weightsChanged: pass.weightsChanged,
            weightsOverflowed: pass.weightsOverflowed)
    }

    private func share(_ positions: [Int], _ holds: (Int) -> Bool) -> Double? {
        positions.isEmpty ? nil : Double(positions.count(where: holds)) / Double(positions.count)
    }
}

/// Describes where the completions of a pair part.
struct Divergences {
    let plan: ForcedPlan
    let comparison: LogitComparison
    let pair: Int
    let problems: [StudyProblem]
    let text: (Int) -> String?

    /// A divergence is explained by rounding where the reference's margin between its two highest logits is no larger than
    /// the 99.9th percentile of the pair's logit error at positions where no two completions of the pair part.
    func add(to record: inout ComparisonRecord, dtypes: (a: DType, b: DType)) {
        let usual = record.forced?.logitErrorP999
        var places: [String: Int] = [:]
        for (index, problem) in problems.enumerated() { places["\(problem.sample)/\(problem.id)"] = index }
        for index in record.byProblem.indices {
            let entry = record.byProblem[index]
            guard let problem = places["\(entry.sample)/\(entry.id)"], let step = entry.firstDivergence,
                let row = plan.partings[pair][problem]
            else { continue }
            func token(_ dtype: DType) -> Int? {
                let tokens = problems[problem].tokens[dtype] ?? []
                return tokens.indices.contains(step) ? tokens[step] : nil
            }
            func margin(_ side: Int) -> Double? { comparison.side(side, at: row).margin }
            let (a, b) = (token(dtypes.a), token(dtypes.b))
            let reference = margin(0)
            var explained: Bool?
            if let reference, let usual { explained = reference <= usual }
            record.byProblem[index].divergence = DivergenceRecord(
                tokenA: a, tokenB: b, textA: a.flatMap(text), textB: b.flatMap(text),
                marginA: margin(comparison.pairs[pair].a), marginB: margin(comparison.pairs[pair].b),
                marginReference: reference, explainedByRounding: explained)
        }
        record.firstDivergence = FirstDivergenceRecord(record.byProblem)
    }
}
