/// The percentile bootstrap (Efron 1979): the interval that the mean of resampled values falls into.
package enum Bootstrap {
    private static let resamples = 10_000

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

    /// Percentiles of `statistic` over resampled indices `0..<count`; nil of nothing or when one is not finite.
    static func interval95(count: Int, _ statistic: ([Int]) -> Double) -> ClosedRange<Double>? {
        guard count > 0 else { return nil }
        let random = CounterRandom(seed: 0x5975_616E_4265_6E63)
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
        guard results.allSatisfy(\.isFinite) else { return nil }
        results.sort()
        guard let low = Quantile.linear(0.025, ofSorted: results), let high = Quantile.linear(0.975, ofSorted: results)
        else {
            return nil
        }
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
