import Testing

@testable import RunRecords

@Suite struct PairedStatisticsTests {
    /// `scipy.stats.binomtest(b, b + c, 0.5).pvalue`, scipy 1.17.
    @Test(arguments: [
        (1, 0, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (0, 12, 0.00048828125), (3, 0, 0.25), (4, 3, 1.0),
        (7, 1, 0.0703125), (6, 16, 0.052478790283203125), (20, 40, 0.01348929373119186), (30, 20, 0.20263875106454066),
        (500, 600, 0.0028195449914364284),
    ])
    func mcNemarAgreesWithScipy(onlyFirst: Int, onlySecond: Int, p: Double) {
        #expect(abs(McNemar.exactP(onlyFirst: onlyFirst, onlySecond: onlySecond) - p) < 1e-12)
        #expect(
            McNemar.exactP(onlyFirst: onlySecond, onlySecond: onlyFirst)
                == McNemar.exactP(onlyFirst: onlyFirst, onlySecond: onlySecond))
    }

    @Test func mcNemarAtItsEdges() {
        #expect(McNemar.exactP(onlyFirst: 0, onlySecond: 0) == 1)
        #expect(McNemar.exactP(onlyFirst: 1, onlySecond: 0) == 1)
        #expect(McNemar.exactP(onlyFirst: 7, onlySecond: 7) == 1)
        #expect(McNemar.fewestSignificant(alpha: 0.05) == 6)
        #expect(McNemar.fewestSignificant(alpha: 0.01) == 8)
        #expect(McNemar.fewestSignificant(alpha: 0) == nil)
    }

    /// (only first, only second, pairs). The first is the example of Fagerland, Lydersen and Laake, "Recommended tests
    /// and confidence intervals for paired binomial proportions", Statistics in Medicine 33 (2014): airway
    /// hyper-responsiveness, published as −0.517 to −0.026. All by inverting the score test with scipy 1.17: `brentq`
    /// over δ, the constrained likelihood maximised numerically rather than by the closed form.
    @Test(arguments: [
        (7, 1, 21, -0.5172322764213773, -0.026003032480868556),
        (16, 6, 161, -0.12402343246406898, -0.0054333957316770945),
        (20, 40, 160, 0.03086453313308735, 0.21806424416682568),
        (0, 0, 164, -0.022887425119426427, 0.02288742511942643), (0, 0, 1, -0.7934506856227606, 0.7934506856227606),
        (0, 3, 164, -0.005013414603319552, 0.052395098995726565),
        (3, 0, 164, -0.052395098995726565, 0.005013414603319554),
        (0, 12, 164, 0.042349297801366564, 0.12353021144692528),
        (3, 4, 80, -0.06299200855878141, 0.09071720977404267), (0, 1, 1, -0.5869013712455252, 1),
        (0, 20, 20, 0.6777496838943613, 1), (1, 0, 44, -0.11807709698213215, 0.05939323111662853),
        (24, 26, 164, -0.07345289980303013, 0.09787618755880167),
    ])
    func tangoAgreesWithScipy(onlyFirst: Int, onlySecond: Int, pairs: Int, low: Double, high: Double) throws {
        let interval = try #require(
            PairedDifference.interval95(onlyFirst: onlyFirst, onlySecond: onlySecond, pairs: pairs))
        #expect(abs(interval.lowerBound - low) < 1e-9)
        #expect(abs(interval.upperBound - high) < 1e-9)
        let mirrored = try #require(
            PairedDifference.interval95(onlyFirst: onlySecond, onlySecond: onlyFirst, pairs: pairs))
        #expect(abs(mirrored.lowerBound + interval.upperBound) < 1e-12)
    }

    /// Without discordant pairs the bounds are ±z² / (n + z²); with all of them one way one is (n − z²) / (n + z²).
    @Test func tangoAtItsEdges() throws {
        let square = 1.959963984540054 * 1.959963984540054
        for pairs in [1, 2, 40, 164, 100_000] {
            let none = try #require(PairedDifference.interval95(onlyFirst: 0, onlySecond: 0, pairs: pairs))
            #expect(abs(none.upperBound - square / (Double(pairs) + square)) < 1e-12)
            let all = try #require(PairedDifference.interval95(onlyFirst: pairs, onlySecond: 0, pairs: pairs))
            #expect(all.lowerBound == -1)
            #expect(abs(all.upperBound + (Double(pairs) - square) / (Double(pairs) + square)) < 1e-12)
        }
        #expect(PairedDifference.interval95(onlyFirst: 0, onlySecond: 0, pairs: 0) == nil)
        #expect(PairedDifference.interval95(onlyFirst: 2, onlySecond: 2, pairs: 3) == nil)
    }

    /// By enumeration with `scipy.stats.binom` and `scipy.optimize.brentq`, scipy 1.17: power 0.8 at level 0.05.
    @Test(arguments: [
        (6, 0, 0.9634924839989961), (10, 0, 0.6731718214777692), (20, 0, 0.3664593512550516),
        (20, 4, 0.3664593512550517), (80, 7, 0.09702968842556958), (164, 0, 0.04778016087303712),
        (164, 12, 0.05963663379401597), (164, 50, 0.12373197265148342), (500, 30, 0.03181071819807642),
    ])
    func detectableDifferenceAgreesWithScipy(pairs: Int, discordant: Int, expected: Double) throws {
        let smallest = try #require(DetectableDifference.smallest(pairs: pairs, discordant: discordant))
        #expect(abs(smallest - expected) < 2e-8)
    }

    /// Made in the same way: pairs, difference, discordance, level, power.
    @Test(arguments: [
        (80, 0.1, 0.2, 0.05, 0.4367936715523439), (164, 0.05, 0.05, 0.05, 0.8333232201840347), (6, 1, 1, 0.05, 1),
        (50, 0.2, 0.5, 0.01, 0.2191464848404502),
    ])
    func powerAgreesWithScipy(pairs: Int, difference: Double, discordance: Double, alpha: Double, power: Double) {
        let found = DetectableDifference.power(
            pairs: pairs, difference: difference, discordance: discordance, alpha: alpha)
        #expect(abs(found - power) < 1e-9)
    }

    @Test func tooFewProblemsDetectNothing() {
        for pairs in 0...5 { #expect(DetectableDifference.smallest(pairs: pairs, discordant: 0) == nil) }
        #expect(DetectableDifference.smallest(pairs: 1, discordant: 1) == nil)
        #expect(DetectableDifference.smallest(pairs: 80, discordant: 81) == nil)
        #expect(
            DetectableDifference.smallest(pairs: 100, discordant: 0, power: 0.9)
                ?? 0 > DetectableDifference.smallest(pairs: 100, discordant: 0, power: 0.5) ?? 1)
    }

    /// `scipy.stats.bootstrap((x,), numpy.median, method="percentile", n_resamples=200000)`: 2.0 and 8.0 of these nine.
    /// The ratio's bounds: `scipy.stats.bootstrap((x, y), lambda x, y: median(y) / median(x), paired=True, …)`.
    @Test func mediansAgreeWithScipy() throws {
        let first = [1, 2, 3, 4.5, 5, 6, 7.5, 8, 20]
        let second = [1.5, 2.5, 2, 5, 7, 6, 9, 8, 30]
        let median = try #require(Bootstrap.medianInterval95(of: first))
        #expect(median == 2.0...8.0)
        let ratio = try #require(Bootstrap.medianRatioInterval95(first: first, second: second))
        #expect(abs(ratio.lowerBound - 0.6667) < 0.02)
        #expect(abs(ratio.upperBound - 1.4) < 0.02)
        #expect(Bootstrap.medianInterval95(of: []) == nil)
        #expect(Bootstrap.medianInterval95(of: [3]) == 3...3)
        #expect(Bootstrap.medianRatioInterval95(first: [1], second: [1, 2]) == nil)
        #expect(Bootstrap.medianRatioInterval95(first: [0], second: [1]) == nil)
    }
}
