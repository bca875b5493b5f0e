import RunRecords
import Testing

/// Two endpoints compared by what they tell of their tokens.
struct EndpointComparisonTests {
    private func run(_ label: String, _ completions: [(id: String, verdict: String, text: String)]) -> RunReport {
        var settings = SettingsRecord(
            dtype: label == "a100" ? nil : label, decoding: "greedy", prompt: "chat", extraction: "none",
            maxNewTokens: 9, batchSize: nil, threads: nil, kernels: nil, stop: [])
        settings.endpoint = EndpointRecord(
            label: label, urls: [], model: "m", route: "", prompts: "", concurrency: 1, requests: [], retries: 0,
            tokenCounts: [:], losses: [])
        let problems = completions.map {
            ProblemRecord(
                id: $0.id, verdict: $0.verdict, detail: "", extracted: "", completion: $0.text, extraction: "none")
        }
        return RunReport(
            model: ModelRecord(name: "m"), dataset: DatasetRecord(name: "d", version: nil, problems: 3, sha256: "x"),
            settings: settings, accuracy: AccuracyRecord(metric: "pass@1", records: problems), throughput: nil,
            memory: nil, isolation: IsolationRecord(level: "L3", description: "", interpreters: [:]),
            problems: problems)
    }

    private func trace(_ steps: (String, Int?, Double?)...) -> TokenTrace {
        TokenTrace(steps: steps.map { .init(text: $0.0, id: $0.1, margin: $0.2) })
    }

    @Test func theStepAtWhichTheyPartIsTold() throws {
        let first = run("bf16", [("1", "passed", "é x"), ("2", "passed", "same"), ("3", "failed", "ab")])
        let second = run("a100", [("1", "failed", "é yz"), ("2", "passed", "same"), ("3", "failed", "abc")])
        #expect(first.label == "bf16" && second.label == "a100")
        let record = ComparisonRecord(
            endpoints: PairedRuns(first, second),
            traces: (
                ["1": trace(("é", nil, 3), (" x", nil, 0.01)), "3": trace(("ab", 5, 1))],
                [
                    "1": trace(("é", nil, 3), (" y", nil, 0.02), ("z", nil, nil)),
                    "3": trace(("ab", 5, 1), ("c", 6, nil)),
                ]
            ))
        #expect(record.kind == "endpoint" && record.onlyA == 1 && record.onlyB == 0 && record.identicalCompletions == 1)
        let pair = record.byProblem[0]
        #expect(pair.firstDivergence == 1 && pair.firstDivergenceCharacter == 2)
        #expect(pair.divergence?.textA == " x" && pair.divergence?.textB == " y" && pair.divergence?.tokenA == nil)
        #expect(pair.divergence?.marginA == 0.01 && pair.divergence?.marginB == 0.02)
        #expect(pair.divergence?.explainedByRounding == nil)
        #expect(record.byProblem[1].firstDivergenceCharacter == nil && record.byProblem[1].divergence == nil)
        // One had ended where the other goes on.
        #expect(record.byProblem[2].firstDivergence == 1 && record.byProblem[2].divergence?.tokenA == nil)
        #expect(record.byProblem[2].divergence?.tokenB == 6)
        #expect(record.firstDivergence?.problems == 2 && record.firstDivergence?.notJudged == 2)
        #expect(record.firstDivergenceCharacters?.p50 == 2)
    }

    @Test func withoutTracesCharactersAreLeft() {
        let record = ComparisonRecord(
            endpoints: PairedRuns(run("bf16", [("1", "passed", "ab")]), run("fp16", [("1", "passed", "ac")])),
            traces: ([:], [:]))
        #expect(record.byProblem[0].firstDivergence == nil && record.byProblem[0].firstDivergenceCharacter == 1)
        #expect(record.firstDivergence == nil && record.firstDivergenceCharacters?.count == 1)
    }
}
