import RunRecords
import Testing

@testable import Reports

@Suite struct AgreementTests {
    private func record(_ id: String, _ verdict: String, tokens: String?, text: String = "", sample: Int = 0)
        -> ProblemRecord
    {
        ProblemRecord(
            id: id, sample: sample, verdict: verdict, detail: "", extracted: "", completion: text, extraction: "none",
            tokensSha256: tokens)
    }

    @Test func countsAreOfSamplesThatBothHave() {
        let first = SampleReport.run(
            "bf16",
            [
                record("a", "passed", tokens: "1"), record("b", "passed", tokens: "2"),
                record("c", "failed", tokens: "3"),
                record("d", "failed", tokens: nil, text: "x"), record("e", "skipped", tokens: "5"),
                record("f", "passed", tokens: "6"), record("a", "failed", tokens: "7", sample: 1),
            ])
        let second = SampleReport.run(
            "fp16",
            [
                record("a", "failed", tokens: "7", sample: 1), record("a", "passed", tokens: "1"),
                record("b", "failed", tokens: "9"), record("c", "passed", tokens: "3"),
                record("d", "timeout", tokens: nil, text: "x"), record("e", "passed", tokens: "5"),
            ])
        let agreement = Agreement(first, second)
        #expect(agreement.compared == 5)
        #expect(agreement.bothPassed == 1 && agreement.neitherPassed == 2)
        #expect(agreement.onlyFirstPassed == 1 && agreement.onlySecondPassed == 1)
        #expect(agreement.identicalCompletions == 4)
        #expect(agreement.differences.map(\.id) == ["b", "c", "d"])
    }
}
