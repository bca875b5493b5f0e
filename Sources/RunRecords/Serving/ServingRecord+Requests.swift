extension ServingRecord {
    /// Everything that follows from the requests of a load, by the formulas of vLLM's `vllm bench serve`.
    package init(endpoint: EndpointRecord, load: LoadRecord, requests: [RequestRecord], seconds: Double) {
        self.init(endpoint: endpoint, load: load, durationS: seconds)
        let answers = requests.filter { $0.error == nil }
        completed = answers.count
        failed = requests.count - answers.count
        let reasons = Dictionary(grouping: requests.compactMap(\.error), by: \.self).mapValues(\.count)
        errors = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { ErrorRecord(reason: $0.key, count: $0.value) }
        func rate(_ number: Int?) -> Double? { number.flatMap { seconds > 0 ? Double($0) / seconds : nil } }
        func sum(_ numbers: [Int?]) -> Int? {
            let known = numbers.compactMap(\.self)
            return known.count == answers.count && !answers.isEmpty ? known.boundedSum() : nil
        }
        inputTokens = sum(answers.map(\.inputTokens))
        outputTokens = sum(answers.map(\.outputTokens))
        requestsPerS = rate(completed) ?? 0
        outputTokensPerS = rate(outputTokens)
        totalTokensPerS = rate(inputTokens.flatMap { input in outputTokens.map { [input, $0].boundedSum() } })
        if let limits = load.goodput { goodputPerS = rate(answers.count { $0.isWithin(limits) }) }
        peakConcurrency = Self.peak(answers)
        ttftS = Distribution(of: answers.compactMap(\.ttftS))
        tpotS = Distribution(of: answers.compactMap(\.tpotS))
        itlS = Distribution(of: answers.flatMap(\.itlS))
        e2elS = Distribution(of: answers.compactMap(\.e2elS))
    }

    /// Most of the half-open intervals [start, start + latency) that share a moment.
    private static func peak(_ answers: [RequestRecord]) -> Int {
        let changes = answers.flatMap { answer -> [(Double, Int)] in
            guard let latency = answer.e2elS else { return [] }
            return [(answer.startS, 1), (answer.startS + latency, -1)]
        }
        var (now, most) = (0, 0)
        for (_, change) in changes.sorted(by: <) {
            now += change
            most = max(most, now)
        }
        return most
    }
}
