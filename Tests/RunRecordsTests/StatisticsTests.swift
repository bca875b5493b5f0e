import Testing

@testable import RunRecords

@Suite struct StatisticsTests {
    /// Expected bounds: `scipy.stats.binomtest(k, n).proportion_ci(method="wilson")`, scipy 1.17.
    @Test(arguments: [
        (0, 10, 0.0, 0.27753279986288926), (10, 10, 0.7224672001371109, 1.0),
        (3, 20, 0.05236874589621662, 0.3604188647407569), (1, 1, 0.20654931437723745, 1.0),
        (0, 1, 0.0, 0.7934506856227626), (15, 164, 0.05621191465504563, 0.1454156156254623),
        (82, 164, 0.42435704738802893, 0.5756429526119711), (500, 1000, 0.4690696003681042, 0.5309303996318958),
        (1, 1_000_000, 1.765245767453709e-07, 5.664911804311442e-06),
    ])
    func wilsonAgreesWithScipy(passed: Int, total: Int, low: Double, high: Double) throws {
        let interval = try #require(Wilson.interval95(passed: passed, total: total))
        #expect(abs(interval.lowerBound - low) < 1e-12)
        #expect(abs(interval.upperBound - high) < 1e-12)
    }

    @Test func wilsonIsExactAtTheEndsAndNilOfNothing() throws {
        #expect(Wilson.interval95(passed: 0, total: 0) == nil)
        #expect(Wilson.interval95(passed: 3, total: 2) == nil)
        #expect(Wilson.interval95(passed: -1, total: 2) == nil)
        for total in 1...300 {
            #expect(Wilson.interval95(passed: 0, total: total)?.lowerBound == 0)
            #expect(Wilson.interval95(passed: total, total: total)?.upperBound == 1)
        }
    }

    /// Expected values: `numpy.percentile`.
    @Test func quantilesAgreeWithNumpy() throws {
        #expect(Percentiles(of: []) == nil)
        #expect(Percentiles(of: [3]) == Percentiles(p50: 3, p95: 3))
        #expect(Percentiles(of: [2, 1]) == Percentiles(p50: 1.5, p95: 1.95))
        #expect(Percentiles(of: [5, 1, 4, 2, 3]) == Percentiles(p50: 3, p95: 4.8))
        let doubling = try #require(Percentiles(of: [6.4, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2]))
        #expect(doubling.p50 == 0.8)
        #expect(abs(doubling.p95 - 5.44) < 1e-12)
        #expect(Quantile.linear(0, ofSorted: [1, 2, 3]) == 1)
        #expect(Quantile.linear(1, ofSorted: [1, 2, 3]) == 3)
        #expect(Quantile.linear(1.1, ofSorted: [1]) == nil)
    }

    /// Expected interval: `scipy.stats.bootstrap(…, method="percentile", n_resamples=200000)`: 0.2333 and 0.6333. Means of
    /// twelve values in fifths lie on a grid of 1/60.
    @Test func bootstrapAgreesWithScipy() throws {
        let values = [0, 0.2, 0.4, 0.4, 0.6, 0.8, 1, 1, 0, 0, 0.2, 0.6]
        let interval = try #require(Bootstrap.meanInterval95(of: values))
        #expect(abs(interval.lowerBound - 0.2333) < 0.017)
        #expect(abs(interval.upperBound - 0.6333) < 0.017)
        #expect(Bootstrap.meanInterval95(of: values) == interval)
        #expect(Bootstrap.meanInterval95(of: []) == nil)
        #expect(Bootstrap.meanInterval95(of: [1, 1, 1]) == 1...1)
    }

    /// The published outputs of SplitMix64 for the seed 1234567.
    @Test func randomNumbersAreThoseOfSplitMix() {
        let random = CounterRandom(seed: 1_234_567)
        #expect(
            (0..<5).map { random[$0] } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
        var counts = [0, 0, 0]
        for counter in 0..<30_000 { counts[random.index(UInt64(counter), below: 3)] += 1 }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
    }
}
