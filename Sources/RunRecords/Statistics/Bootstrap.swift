/// The percentile bootstrap (Efron 1979): the interval that the mean of resampled values falls into.
package enum Bootstrap {
    private static let resamples = 10_000

    /// The 95 % interval of the mean; nil of nothing. The same values always give the same interval.
    package static func meanInterval95(of values: [Double]) -> ClosedRange<Double>? {
        guard !values.isEmpty else { return nil }
        let random = CounterRandom(seed: 0x5975_616E_4265_6E63)
        var means: [Double] = []
        means.reserveCapacity(resamples)
        var counter: UInt64 = 0
        for _ in 0..<resamples {
            var sum = 0.0
            for _ in values.indices {
                sum += values[random.index(counter, below: values.count)]
                counter += 1
            }
            means.append(sum / Double(values.count))
        }
        means.sort()
        guard let low = Quantile.linear(0.025, ofSorted: means), let high = Quantile.linear(0.975, ofSorted: means)
        else {
            return nil
        }
        return low...high
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
