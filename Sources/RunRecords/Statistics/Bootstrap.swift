/// The percentile bootstrap (Efron 1979): the interval that the mean of resampled values falls into.
package enum Bootstrap {
    private static let resamples = 10_000
    private static let random = CounterRandom(seed: 0x5975_616E_4265_6E63)

    /// The 95 % interval of the mean; nil of nothing. The same values always give the same interval.
    package static func meanInterval95(of values: [Double]) -> ClosedRange<Double>? {
        interval95(count: values.count) { indices in indices.reduce(0) { $0 + values[$1] } / Double(values.count) }
    }

    /// The 95 % interval of the median; nil of nothing.
    package static func medianInterval95(of values: [Double]) -> ClosedRange<Double>? {
        interval95(count: values.count) { indices in median(indices.map { values[$0] }) }
    }

    /// The 95 % interval of (median of `second` / median of `first`), pairs staying together; nil of nothing, of unequal
    /// counts, or where a median of `first` is 0.
    package static func medianRatioInterval95(first: [Double], second: [Double]) -> ClosedRange<Double>? {
        guard first.count == second.count else { return nil }
        return interval95(count: first.count) { indices in
            median(indices.map { second[$0] }) / median(indices.map { first[$0] })
        }
    }

    /// The 95 % interval of (median of `second` / median of `first`) of measurements that have nothing to do with each
    /// other; nil of nothing, or where a median of `first` is 0.
    package static func medianRatioInterval95(independent first: [Double], _ second: [Double]) -> ClosedRange<Double>? {
        guard !first.isEmpty, !second.isEmpty else { return nil }
        let (a, b) = (medians(of: first, from: 0), medians(of: second, from: UInt64(resamples * first.count)))
        return interval95(zip(a, b).map { $1 / $0 })
    }

    private static func medians(of values: [Double], from counter: UInt64) -> [Double] {
        var counter = counter
        return (0..<resamples).map { _ in
            median(
                values.map { _ in
                    counter += 1
                    return values[random.index(counter - 1, below: values.count)]
                })
        }
    }

    /// Percentiles of `statistic` over resampled indices `0..<count`; nil of nothing or when one is not finite.
    static func interval95(count: Int, _ statistic: ([Int]) -> Double) -> ClosedRange<Double>? {
        guard count > 0 else { return nil }
        var results: [Double] = []
        results.reserveCapacity(resamples)
        var indices = [Int](repeating: 0, count: count)
        var counter: UInt64 = 0
        for _ in 0..<resamples {
            for place in indices.indices {
                indices[place] = random.index(counter, below: count)
                counter += 1
            }
            results.append(statistic(indices))
        }
        return interval95(results)
    }

    private static func interval95(_ results: [Double]) -> ClosedRange<Double>? {
        guard results.allSatisfy(\.isFinite) else { return nil }
        let sorted = results.sorted()
        guard let low = Quantile.linear(0.025, ofSorted: sorted), let high = Quantile.linear(0.975, ofSorted: sorted)
        else { return nil }
        return low...high
    }

    private static func median(_ values: [Double]) -> Double {
        Quantile.linear(0.5, ofSorted: values.sorted()) ?? .nan
    }
}

/// Random numbers as a function of their index: SplitMix64 (Steele, Lea and Flood 2014), whose state is a counter.
struct CounterRandom: Sendable {
    let seed: UInt64

    subscript(counter: UInt64) -> UInt64 {
        var z = seed &+ (counter &+ 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// One of `0..<count`, evenly.
    func index(_ counter: UInt64, below count: Int) -> Int {
        Int(self[counter].multipliedFullWidth(by: UInt64(count)).high)
    }
}
