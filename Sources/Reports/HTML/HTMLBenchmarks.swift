import RunRecords

/// The points of a benchmark on the page.
enum HTMLBenchmarks {
    static func content(_ all: [BenchmarkRecord]) -> [String] {
        let header = [
            "", "prompt", "new", "batch", "prefill, tokens/s", "decode, tokens/s", "TTFT, p50 / p95 / p99",
            "inter-token latency, p50 / p95 / p99", "decode: share of the read bandwidth",
            "prefill: share of the FLOPs",
            "peak resident",
        ]
        let rows = all.map { record in
            [
                BenchmarkWords.configuration(record, among: all), Quantity.count(record.promptTokens),
                Quantity.count(record.generatedTokens), Quantity.count(record.batchSize),
                BenchmarkWords.rate(record.prefillTokensPerS, record.prefillSpread),
                BenchmarkWords.rate(record.decodeTokensPerS, record.decodeSpread),
                BenchmarkWords.latencies(record.ttftS), BenchmarkWords.latencies(record.interTokenS),
                Quantity.percent(record.bandwidthShare), Quantity.percent(record.prefillComputeShare),
                Quantity.bytes(record.peakRssBytes),
            ].map(HTML.text)
        }
        let name = all.first.map { HTML.text($0.model.name) } ?? ""
        return [
            HTML.table(caption: "\(name): medians over the repetitions, with the range", header: header, rows: rows)
        ]
    }
}
