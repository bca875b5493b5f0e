import Generation
import RunRecords

extension ServingRecord {
    /// Everything that follows from the outcomes of a load, by the formulas of vLLM's `vllm bench serve`.
    package init(endpoint: EndpointRecord, load: LoadRecord, outcomes: [LoadOutcome], seconds: Double) {
        self.init(endpoint: endpoint, load: load, durationS: seconds)
        let answers = outcomes.compactMap { outcome in outcome.result.map { Answer($0, startS: outcome.startS) } }
        completed = answers.count
        failed = outcomes.count - answers.count
        let reasons = Dictionary(grouping: outcomes.compactMap(\.error), by: \.self).mapValues(\.count)
        errors = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { ErrorRecord(reason: $0.key, count: $0.value) }
        func rate(_ number: Int?) -> Double? { number.flatMap { seconds > 0 ? Double($0) / seconds : nil } }
        let usages = answers.compactMap(\.usage)
        if usages.count == answers.count, !answers.isEmpty {
            inputTokens = usages.reduce(0) { $0 + $1.promptTokens }
            outputTokens = usages.reduce(0) { $0 + $1.generatedTokens }
        }
        requestsPerS = rate(completed) ?? 0
        outputTokensPerS = rate(outputTokens)
        totalTokensPerS = rate(inputTokens.flatMap { input in outputTokens.map { input + $0 } })
        if let limits = load.goodput { goodputPerS = rate(answers.count { $0.isWithin(limits) }) }
        peakConcurrency = Self.peak(answers)
        ttftS = Distribution(of: answers.map(\.ttft))
        tpotS = Distribution(of: answers.compactMap(\.tpot))
        itlS = Distribution(of: answers.flatMap(\.gaps))
        e2elS = Distribution(of: answers.map(\.latency))
    }

    private struct Answer {
        let startS: Double
        let ttft: Double
        let gaps: [Double]
        let usage: TokenUsage?
        /// To the last chunk.
        let latency: Double

        init(_ result: GenerationResult, startS: Double) {
            self.startS = startS
            ttft = result.timing.timeToFirstToken
            gaps = result.timing.interToken
            usage = result.usage
            latency = gaps.reduce(ttft, +)
        }

        /// nil where tokens were not counted, or there was but one.
        var tpot: Double? {
            guard let count = usage?.generatedTokens, count > 1 else { return nil }
            return (latency - ttft) / Double(count - 1)
        }

        /// A request whose tokens were not counted is not known to keep a limit on TPOT; a single token keeps any.
        func isWithin(_ limits: GoodputLimits) -> Bool {
            let perToken = usage.map { $0.generatedTokens > 1 ? tpot : 0 } ?? nil
            return ttft <= limits.ttftS ?? .infinity && latency <= limits.e2elS ?? .infinity
                && (limits.tpotS.map { (perToken ?? .infinity) <= $0 } ?? true)
        }
    }

    /// Most of the half-open intervals [start, start + latency) that share a moment.
    private static func peak(_ answers: [Answer]) -> Int {
        let changes = answers.flatMap { [($0.startS, 1), ($0.startS + $0.latency, -1)] }.sorted { $0 < $1 }
        var (now, most) = (0, 0)
        for (_, change) in changes {
            now += change
            most = max(most, now)
        }
        return most
    }
}
