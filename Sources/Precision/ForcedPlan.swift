import Tensors

/// A problem whose completions in several dtypes are known.
package struct StudyProblem: Sendable {
    package var id: String
    package var sample: Int
    package var prompt: [Int]
    /// Generated tokens by dtype.
    package var tokens: [DType: [Int]]

    package init(id: String, sample: Int, prompt: [Int], tokens: [DType: [Int]]) {
        self.id = id
        self.sample = sample
        self.prompt = prompt
        self.tokens = tokens
    }
}

/// Tokens that every dtype is forced along, and the generated indices whose logits are wanted.
struct ForcedSequence: Sendable {
    var prompt: [Int]
    var path: [Int]
    /// Ascending indices of generated tokens: the logits that choose token `index` follow prompt + path[..<index].
    var wanted: [Int]
    /// The row of the first wanted index among all.
    var firstRow: Int
}

/// What is asked of the forced passes: sequences, and what each of their wanted positions is for.
struct ForcedPlan: Sendable {
    struct Position: Sendable {
        var problem: Int
        var index: Int
        /// The path's token; nil beyond its end or off the path.
        var target: Int?
        /// Whether it counts in the statistics, or is there for a divergence alone.
        var isSampled: Bool
    }

    private(set) var sequences: [ForcedSequence] = []
    private(set) var positions: [Position] = []
    /// Positions there were to sample from.
    private(set) var total = 0
    /// For each pair and problem, the row that shows where the two part; nil where they do not.
    private(set) var partings: [[Int?]] = []

    /// - Parameters:
    ///   - path: the dtype whose tokens are followed.
    ///   - limit: positions sampled at most, evenly spread.
    init(_ problems: [StudyProblem], path: DType, pairs: [(a: DType, b: DType)], limit: Int) {
        total = problems.reduce(0) { $0 + ($1.tokens[path]?.count ?? 0) }
        let step = limit > 0 ? max(1, (total + limit - 1) / limit) : Int.max
        partings = pairs.map { _ in Array(repeating: nil, count: problems.count) }
        var offset = 0
        for (number, problem) in problems.enumerated() {
            let tokens = problem.tokens[path] ?? []
            var wanted = Set(tokens.indices.filter { limit > 0 && (offset + $0) % step == 0 })
            let sampled = wanted
            offset += tokens.count
            // Where two part, and whether the path leads there.
            var onPath: [(pair: Int, index: Int)] = []
            var offPath: [(pair: Int, prefix: [Int])] = []
            for (index, pair) in pairs.enumerated() {
                guard let a = problem.tokens[pair.a], let b = problem.tokens[pair.b], a != b else { continue }
                let parting =
                    zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(a.count, b.count)
                if tokens.prefix(parting).elementsEqual(a.prefix(parting)) && parting <= tokens.count {
                    onPath.append((index, parting))
                    wanted.insert(parting)
                } else {
                    offPath.append((index, Array(a.prefix(parting))))
                }
            }
            let rows = append(number, problem.prompt, tokens, wanted.sorted(), sampled: sampled)
            for (pair, index) in onPath { partings[pair][number] = rows[index] }
            for (pair, prefix) in offPath {
                partings[pair][number] =
                    append(number, problem.prompt, prefix, [prefix.count], sampled: [])[prefix.count]
            }
        }
    }

    /// Returns the row of each wanted index.
    private mutating func append(
        _ problem: Int, _ prompt: [Int], _ path: [Int], _ wanted: [Int], sampled: Set<Int>
    ) -> [Int: Int] {
        guard !wanted.isEmpty, !prompt.isEmpty else { return [:] }
        sequences.append(ForcedSequence(prompt: prompt, path: path, wanted: wanted, firstRow: positions.count))
        var rows: [Int: Int] = [:]
        for index in wanted {
            rows[index] = positions.count
            positions.append(
                Position(
                    problem: problem, index: index, target: index < path.count ? path[index] : nil,
                    isSampled: sampled.contains(index)))
        }
        return rows
    }
}
