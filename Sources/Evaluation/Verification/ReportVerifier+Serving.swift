import RunRecords

extension ReportVerifier {
    /// Holds the loads of a report against their requests.
    package mutating func check(_ requests: [RequestRecord], of report: Report) {
        let byLoad = Dictionary(grouping: requests, by: \.load)
        expect(byLoad.keys.count { !report.serving.indices.contains($0) }, 0, "loads of requests that the report lacks")
        for (index, stored) in report.serving.enumerated() {
            let place = "serving[\(index)]"
            let follows = ServingRecord(
                endpoint: stored.endpoint, load: stored.load,
                requests: (byLoad[index] ?? []).sorted { $0.index < $1.index }, seconds: stored.durationS)
            expect(stored.completed, follows.completed, "\(place).completed")
            expect(stored.failed, follows.failed, "\(place).failed")
            expect(stored.inputTokens, follows.inputTokens, "\(place).input_tokens")
            expect(stored.outputTokens, follows.outputTokens, "\(place).output_tokens")
            expect(stored.requestsPerS, follows.requestsPerS, "\(place).requests_per_s")
            expect(stored.goodputPerS, follows.goodputPerS, "\(place).goodput_per_s")
            expect(stored.outputTokensPerS, follows.outputTokensPerS, "\(place).output_tokens_per_s")
            expect(stored.totalTokensPerS, follows.totalTokensPerS, "\(place).total_tokens_per_s")
            expect(stored.peakConcurrency, follows.peakConcurrency, "\(place).peak_concurrency")
            check(stored.ttftS, follows.ttftS, at: "\(place).ttft_s")
            check(stored.tpotS, follows.tpotS, at: "\(place).tpot_s")
            check(stored.itlS, follows.itlS, at: "\(place).itl_s")
            check(stored.e2elS, follows.e2elS, at: "\(place).e2el_s")
        }
    }

    private mutating func check(_ stored: Distribution?, _ follows: Distribution?, at place: String) {
        expect(stored?.count, follows?.count, "\(place).count")
        expect(stored?.mean, follows?.mean, "\(place).mean")
        expect(stored?.std, follows?.std, "\(place).std")
        expect(stored?.p50, follows?.p50, "\(place).p50")
        expect(stored?.p90, follows?.p90, "\(place).p90")
        expect(stored?.p95, follows?.p95, "\(place).p95")
        expect(stored?.p99, follows?.p99, "\(place).p99")
    }
}
