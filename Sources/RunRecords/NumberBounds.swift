extension Sequence<Int> {
    /// The sum, or the nearest number that there is: records come from files, and their counts may be anything.
    package func boundedSum() -> Int {
        reduce(0) { sum, value in
            let (result, overflow) = sum.addingReportingOverflow(value)
            return overflow ? (value < 0 ? .min : .max) : result
        }
    }
}

extension Report {
    /// What a JSON number says exactly, in whatever program reads it.
    private static let largestCount = 1 << 53

    /// Looks at the counts that others are computed from, and at intervals.
    ///
    /// - Throws: `ReportError` naming the first count that is negative or larger than a count can be, and the first interval
    ///   that is not two numbers in their order.
    func checkNumbers(name: String) throws(ReportError) {
        func check(_ count: Int?, _ place: @autoclosure () -> String) throws(ReportError) {
            guard let count, !(0...Self.largestCount).contains(count) else { return }
            throw ReportError(
                "\(name): \(place()) is \(count), expected a count from 0 to \(Self.largestCount); name a report.json as it "
                    + "was written by eval or score")
        }
        func check(interval: [Double]?, _ place: @autoclosure () -> String) throws(ReportError) {
            guard let interval, interval.count != 2 || interval[0] > interval[1] else { return }
            throw ReportError(
                "\(name): \(place()) is \(interval), expected a lower and an upper bound; name a report.json as it was "
                    + "written by eval or score")
        }
        for (index, run) in runs.enumerated() {
            let place = "runs[\(index)]"
            try check(interval: run.accuracy.ci95, "\(place).accuracy.ci95")
            for (index, entry) in run.accuracy.passAtK.enumerated() {
                try check(interval: entry.ci95, "\(place).accuracy.pass_at_k[\(index)].ci95")
            }
            for (key, count) in run.counts { try check(count, "\(place).\(key)") }
            for (index, problem) in run.problems.enumerated() {
                try check(problem.sample, "\(place).problems[\(index)].sample")
                try check(problem.promptTokens, "\(place).problems[\(index)].prompt_tokens")
                try check(problem.generatedTokens, "\(place).problems[\(index)].generated_tokens")
            }
        }
        for (index, comparison) in comparisons.enumerated() {
            try check(interval: comparison.differenceCi95, "comparisons[\(index)].difference_ci95")
            for (key, count) in comparison.counts { try check(count, "comparisons[\(index)].\(key)") }
        }
        for (index, benchmark) in benchmarks.enumerated() {
            for (key, count) in benchmark.counts { try check(count, "benchmarks[\(index)].\(key)") }
        }
        for (index, load) in serving.enumerated() {
            for (key, count) in load.counts { try check(count, "serving[\(index)].\(key)") }
        }
    }
}

private typealias Counts = [(key: String, count: Int?)]

extension RunReport {
    fileprivate var counts: Counts {
        [
            ("dataset.problems", dataset.problems), ("accuracy.passed", accuracy.passed),
            ("accuracy.total", accuracy.total), ("throughput.prompt_tokens", throughput?.promptTokens),
            ("throughput.generated_tokens", throughput?.generatedTokens),
            ("throughput.shared_prompt_tokens", throughput?.sharedPromptTokens),
            ("throughput.guessed_tokens", throughput?.guessedTokens),
            ("throughput.accepted_tokens", throughput?.acceptedTokens),
            ("memory.peak_rss_bytes", memory?.peakRssBytes), ("memory.weights_bytes", memory?.weightsBytes),
            ("memory.kv_cache_peak_bytes", memory?.kvCachePeakBytes),
        ]
    }
}

extension ComparisonRecord {
    fileprivate var counts: Counts {
        let positions = (forced?.klByPosition ?? []).enumerated().map { index, bin in
            (key: "forced.kl_by_position[\(index)].positions", count: Int?.some(bin.positions))
        }
        return [
            ("problems", problems), ("both_passed", bothPassed), ("only_a", onlyA), ("only_b", onlyB),
            ("neither", neither), ("identical_completions", identicalCompletions),
            ("forced.positions", forced?.positions), ("forced.positions_total", forced?.positionsTotal),
            ("forced.non_finite_positions", forced?.nonFinitePositions),
        ] + positions
    }
}

extension BenchmarkRecord {
    fileprivate var counts: Counts {
        [
            ("batch_size", batchSize), ("prompt_tokens", promptTokens), ("generated_tokens", generatedTokens),
            ("peak_rss_bytes", peakRssBytes), ("weights_bytes", weightsBytes),
            ("kv_cache_peak_bytes", kvCachePeakBytes), ("kv_bytes_per_token", kvBytesPerToken),
        ]
    }
}

extension ServingRecord {
    fileprivate var counts: Counts {
        [
            ("completed", completed), ("failed", failed), ("input_tokens", inputTokens),
            ("output_tokens", outputTokens), ("peak_concurrency", peakConcurrency),
        ]
    }
}
