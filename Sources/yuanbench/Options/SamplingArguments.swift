import ArgumentParser
import Generation
import RunRecords

/// How tokens are drawn; without a temperature the most likely one is taken.
struct SamplingArguments: ParsableArguments {
    @Option(name: .long, help: "Draw tokens from the distribution at this temperature (default: 0, greedy).")
    var temperature: Double?

    @Option(name: .long, help: ArgumentHelp("Draw from the K most likely tokens only.", valueName: "k"))
    var topK: Int?

    @Option(
        name: .long,
        help: ArgumentHelp("Draw from the fewest tokens whose probabilities sum to P only.", valueName: "p"))
    var topP: Double?

    @Option(name: .long, help: "The same seed draws the same samples (default: 0).")
    var seed: UInt64?

    mutating func validate() throws {
        if let temperature, !(temperature >= 0 && temperature <= 1000) {
            throw ValidationError("--temperature is \(temperature), expected 0 (greedy) to 1000.")
        }
        if let topK, topK < 1 { throw ValidationError("--top-k is \(topK), expected at least 1.") }
        if let topP, !(topP > 0 && topP <= 1) {
            throw ValidationError("--top-p is \(topP), expected above 0 and at most 1.")
        }
        if isGreedy, topK != nil || topP != nil || seed != nil {
            throw ValidationError("--top-k, --top-p and --seed need a --temperature above 0.")
        }
    }

    var isGreedy: Bool { (temperature ?? 0) == 0 }

    /// nil for greedy decoding.
    /// - Parameter problem: what tells requests apart.
    func sampling(problem: String = "") -> Sampling? {
        guard let temperature, !isGreedy else { return nil }
        return Sampling(temperature: temperature, topK: topK, topP: topP, seed: seed ?? 0, problem: problem)
    }

    /// nil for greedy decoding.
    func record(samples: Int) -> SamplingRecord? {
        guard let temperature, !isGreedy else { return nil }
        return SamplingRecord(temperature: temperature, topK: topK, topP: topP, seed: seed ?? 0, samples: samples)
    }
}

/// Which pass@k are told of several samples a problem.
struct PassAtKArguments: ParsableArguments {
    @Option(
        name: .customLong("k"),
        help: ArgumentHelp(
            "With several samples a problem: pass@k for these k (default: those of 1,10,100 there are samples for).",
            valueName: "1,10,…"))
    var list: String?

    mutating func validate() throws { _ = try values }

    /// nil for the usual ones.
    var values: [Int]? {
        get throws { try list.map { try Lists.numbers($0, option: "k", in: 1...1_000_000) } }
    }

    /// - Parameter least: samples that every problem has.
    /// - Throws: `Failure` (64) for a k that there are not samples enough for.
    func chosen(least: Int) throws -> [Int] {
        guard let asked = try values else { return PassAtK.usual }
        if let beyond = asked.first(where: { $0 > least }) {
            throw Failure(
                Exit.usage,
                "--k \(beyond): pass@\(beyond) takes at least \(beyond) samples of every problem, and there are \(least)"
            )
        }
        return asked
    }
}
