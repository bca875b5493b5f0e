import Foundation

/// How requests come to a server.
package enum LoadPattern: Sendable, Equatable {
    /// As many as this are always under way.
    case closed(concurrency: Int)
    /// They arrive at a rate (a second), whatever the server does.
    case open(rate: Double, arrivals: Arrivals)
}

/// How the gaps between arrivals are distributed.
package enum Arrivals: String, Sendable, CaseIterable {
    /// Exponentially, as when many people ask independently.
    case poisson
    /// All equal.
    case fixed
}

/// When each request of an open loop is sent.
package enum ArrivalSchedule {
    /// Seconds from the beginning; the same for the same seed.
    ///
    /// As vLLM's benchmark does it: gaps are drawn and added up, then stretched so that the last arrival falls on
    /// count ÷ rate, and the throughput does not depend on the luck of the draw.
    package static func seconds(count: Int, rate: Double, arrivals: Arrivals, seed: Int) -> [Double] {
        guard count > 0, rate > 0 else { return [] }
        var random = SplitMix64(seed: seed)
        var clock = 0.0
        let times = (0..<count).map { _ -> Double in
            switch arrivals {
            case .fixed: clock += 1 / rate
            case .poisson: clock += -log(1 - random.unit()) / rate
            }
            return clock
        }
        guard clock > 0 else { return times }
        let stretch = Double(count) / rate / clock
        return times.map { $0 * stretch }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    /// From 0 up to, not including, 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
