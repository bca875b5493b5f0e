import RunRecords

/// Finds what makes the numbers of a point less certain; each doubt names a cause and a remedy.
package enum BenchmarkDoubts {
    /// - Parameters:
    ///   - governor: of the clock, if it is not "performance".
    ///   - cores: logical cores of the host.
    package static func warnings(
        _ record: BenchmarkRecord, governor: String? = nil, cores: Int
    ) -> [BenchmarkWarning] {
        let samples = record.samples
        var found = [
            tooFew(samples), stolen(samples), shared(samples, cores: cores), unsteady(samples), short(samples),
            warmingUp(record),
        ]
        for (name, value) in [
            ("prefill", \BenchmarkSample.prefillTokensPerS), ("decode", \BenchmarkSample.decodeTokensPerS),
        ] {
            found.append(outlier(name, samples.compactMap { $0[keyPath: value] }))
        }
        if let governor {
            found.append(
                BenchmarkWarning(
                    cause: "the clock is governed by \"\(governor)\", which may not reach full speed at once",
                    remedy: "set the governor to performance (cpupower frequency-set -g performance)"))
        }
        if record.threads > cores {
            found.append(
                BenchmarkWarning(
                    cause: "\(record.threads) threads share \(cores) cores", remedy: "give --threads \(cores) or fewer")
            )
        }
        return found.compactMap(\.self)
    }

    private static func tooFew(_ samples: [BenchmarkSample]) -> BenchmarkWarning? {
        guard samples.count < 3 else { return nil }
        return BenchmarkWarning(
            cause: "\(samples.count) repetition\(samples.count == 1 ? "" : "s") cannot tell how far results scatter",
            remedy: "give --repetitions 3 or more")
    }

    private static func stolen(_ samples: [BenchmarkSample]) -> BenchmarkWarning? {
        guard let most = samples.compactMap(\.stealShare).max(), most > 0.02 else { return nil }
        return BenchmarkWarning(
            cause: "the hypervisor gave up to \(percent(most)) of the cores' time to others",
            remedy: "measure on a host of your own or at a quieter time, and compare medians of runs that take turns")
    }

    private static func shared(_ samples: [BenchmarkSample], cores: Int) -> BenchmarkWarning? {
        // A tenth of one core is what an idle system and the terminal take.
        guard let most = samples.compactMap(\.otherLoadShare).max(), most * Double(cores) > 0.1 else { return nil }
        return BenchmarkWarning(
            cause: "other processes used up to \(percent(most)) of the cores' time",
            remedy: "stop them (top shows which they are) and measure again")
    }

    /// A share is of the best probe around its repetition, so a host that changes makes rates scatter but not shares.
    private static func unsteady(_ samples: [BenchmarkSample]) -> BenchmarkWarning? {
        let rates = samples.compactMap(\.readBytesPerS)
        guard let low = rates.min(), let high = rates.max(), low < 0.8 * high else { return nil }
        return BenchmarkWarning(
            cause: "the host's read bandwidth changed between \(gigabytes(low)) and \(gigabytes(high)) GB/s from one "
                + "repetition to the next, as on shared hosts",
            remedy: "compare the shares of the limit rather than tokens/s, or measure on a host of your own")
    }

    private static func short(_ samples: [BenchmarkSample]) -> BenchmarkWarning? {
        guard let least = samples.compactMap(\.decodeS).min(), least < 0.02 else { return nil }
        return BenchmarkWarning(
            cause: "decoding took less than 20 ms in a repetition, so what the clock and the scheduler add weighs much",
            remedy: "raise --generate-tokens")
    }

    private static func warmingUp(_ record: BenchmarkRecord) -> BenchmarkWarning? {
        let rates = record.samples.compactMap { $0.decodeTokensPerS ?? $0.prefillTokensPerS }
        guard rates.count >= 3, let rest = rates.dropFirst().min(), rates[0] < 0.9 * rest else { return nil }
        return BenchmarkWarning(
            cause: "the first repetition was the slowest by more than a tenth",
            remedy: "raise --warmup (it is \(record.warmup))")
    }

    /// The modified z-score of Iglewicz and Hoaglin (1993): 0.6745 · |x − median| ÷ MAD above 3.5. What lies within a
    /// twentieth of the median is none, however close the others are.
    private static func outlier(_ name: String, _ values: [Double]) -> BenchmarkWarning? {
        guard values.count >= 5, let median = Quantile.linear(0.5, ofSorted: values.sorted()), median > 0,
            let deviation = Quantile.linear(0.5, ofSorted: values.map { ($0 - median).magnitude }.sorted())
        else { return nil }
        let far = values.filter {
            let distance = ($0 - median).magnitude
            return distance > 0.05 * median && 0.6745 * distance > 3.5 * deviation
        }
        guard let worst = far.max(by: { ($0 - median).magnitude < ($1 - median).magnitude }) else { return nil }
        return BenchmarkWarning(
            cause:
                "\(far.count) of \(values.count) repetitions of \(name) lie\(far.count == 1 ? "s" : "") far from the "
                + "others (\(rounded(worst)) against a median of \(rounded(median)) tokens/s)",
            remedy: "look for what else ran at that moment, or raise --repetitions: the median hardly moves")
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
    private static func gigabytes(_ rate: Double) -> String { "\(Int((rate / 1e9).rounded()))" }
    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
