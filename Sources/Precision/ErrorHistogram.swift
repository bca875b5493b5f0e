/// A histogram of non-negative errors with 128 bins an octave, so that a percentile of billions of values needs no memory.
package struct ErrorHistogram: Sendable {
    /// Bin b holds the values whose upper 16 bits (sign, exponent, 7 bits of mantissa) are b.
    private var bins = [UInt64](repeating: 0, count: 1 << 15)
    package private(set) var count: UInt64 = 0

    package init() {}

    /// - Parameter error: not negative, finite.
    package mutating func add(_ error: Float) {
        bins[Int((error.bitPattern & 0x7FFF_FFFF) >> 16)] += 1
        count += 1
    }

    package mutating func add(_ other: ErrorHistogram) {
        for index in bins.indices { bins[index] += other.bins[index] }
        count += other.count
    }

    /// The value that a share `q` of the errors does not exceed, rounded up to its bin's end (by less than 1 %); 0 where
    /// that bin holds zeroes alone, nil of nothing.
    package func quantile(_ q: Double) -> Double? {
        guard count > 0 else { return nil }
        let rank = UInt64((q * Double(count)).rounded(.up))
        var seen: UInt64 = 0
        for (index, bin) in bins.enumerated() {
            seen += bin
            if seen >= max(1, rank) {
                return index == 0 ? 0 : Double(Float(bitPattern: UInt32(index + 1) << 16))
            }
        }
        return nil
    }
}
