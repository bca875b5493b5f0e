import Foundation
import Generation
import RunRecords
import Synchronization
import Testing

@testable import Performance

/// Loads and the numbers that follow from them.
struct ServingTests {
    private var endpoint: EndpointRecord {
        EndpointRecord(
            label: nil, urls: ["http://h"], model: "m", route: "/v1/completions", prompts: "text", concurrency: nil,
            requests: [4], retries: 0, tokenCounts: [:], losses: [])
    }

    private func load(_ goodput: GoodputLimits?) -> LoadRecord {
        LoadRecord(
            kind: "closed", concurrency: 2, requestRate: nil, arrivals: nil, seed: 0, requests: 4, warmup: 0,
            prompts: "synthetic", promptTokens: 10, maxNewTokens: 8, ignoreEos: true, goodput: goodput)
    }

    private func outcome(start: Double, ttft: Double, gaps: [Double], tokens: Int?) -> LoadOutcome {
        var result = GenerationResult(
            id: "a", text: "", promptTokens: [], tokens: [], finishReason: .length,
            timing: SequenceTiming(timeToFirstToken: ttft, interToken: gaps))
        result.usage = tokens.map { TokenUsage(promptTokens: 10, generatedTokens: $0) }
        return LoadOutcome(startS: start, result: result, error: nil)
    }

    /// By hand, after `calculate_metrics` of vLLM's benchmark.
    @Test func vLLMsFormulas() throws {
        let outcomes = [
            outcome(start: 0, ttft: 1, gaps: [0.5, 0.5, 1], tokens: 5),
            outcome(start: 1, ttft: 2, gaps: [1], tokens: 2),
            outcome(start: 5, ttft: 0.5, gaps: [], tokens: 1), LoadOutcome(startS: 2, result: nil, error: "no"),
        ]
        let record = ServingRecord(
            endpoint: endpoint, load: load(GoodputLimits(ttftS: 1.5, tpotS: 0.5)), outcomes: outcomes, seconds: 10)
        #expect(record.completed == 3 && record.failed == 1 && record.errors == [ErrorRecord(reason: "no", count: 1)])
        #expect(record.inputTokens == 30 && record.outputTokens == 8)
        #expect(record.requestsPerS == 0.3 && record.outputTokensPerS == 0.8 && record.totalTokensPerS == 3.8)
        let (ttft, tpot) = (try #require(record.ttftS), try #require(record.tpotS))
        #expect(ttft.p50 == 1 && abs(ttft.mean - 3.5 / 3) < 1e-12 && abs(ttft.p90 - 1.8) < 1e-12)
        // 2 s over 4 gaps, 1 s over 1; a single token has none.
        #expect(tpot.count == 2 && tpot.p50 == 0.75 && record.itlS?.count == 4)
        #expect(record.e2elS?.p50 == 3 && record.e2elS?.count == 3)
        // Both limits: the first (1 s, 0.5 s a token) and the third (0.5 s, one token).
        #expect(record.goodputPerS == 0.2)
        // The first ends at 3, the second runs from 1 to 4.
        #expect(record.peakConcurrency == 2)
    }

    @Test func everyRequestIsALine() throws {
        let outcomes = [
            outcome(start: 0.5, ttft: 1, gaps: [0.5, 0.25], tokens: 4),
            outcome(start: 1, ttft: 2, gaps: [], tokens: nil), LoadOutcome(startS: 2, result: nil, error: "no"),
        ]
        let requests = outcomes.enumerated().map { RequestRecord($0.element, load: 7, index: $0.offset) }
        let bytes = try RequestLines.encode(requests)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(
            lines.map(String.init) == [
                #"{"e2el_s":1.75,"error":null,"index":0,"input_tokens":10,"itl_s":[0.5,0.25],"load":7,"output_tokens":4,"start_s":0.5,"tpot_s":0.25,"ttft_s":1}"#,
                #"{"e2el_s":2,"error":null,"index":1,"input_tokens":null,"itl_s":[],"load":7,"output_tokens":null,"start_s":1,"tpot_s":null,"ttft_s":2}"#,
                #"{"e2el_s":null,"error":"no","index":2,"input_tokens":null,"itl_s":[],"load":7,"output_tokens":null,"start_s":2,"tpot_s":null,"ttft_s":null}"#,
            ])
        #expect(try RequestLines.decode(bytes, name: "requests.jsonl") == requests)
        #expect(
            throws: ReportError(
                "x: line 3 is no request as bench --endpoint writes them; measure again, or take the file away and leave the loads unchecked"
            )
        ) {
            try RequestLines.decode(Data((lines[0] + "\n\n{}\n").utf8), name: "x")
        }
    }

    @Test func whatWasNotCountedIsNotMeasured() {
        let outcomes = [
            outcome(start: 0, ttft: 1, gaps: [1], tokens: 2), outcome(start: 0, ttft: 1, gaps: [1], tokens: nil),
        ]
        let record = ServingRecord(
            endpoint: endpoint, load: load(GoodputLimits(tpotS: 9)), outcomes: outcomes, seconds: 4)
        #expect(record.outputTokens == nil && record.outputTokensPerS == nil && record.totalTokensPerS == nil)
        #expect(record.requestsPerS == 0.5 && record.tpotS?.count == 1 && record.goodputPerS == 0.25)
        #expect(ServingDoubts.warnings(record, servers: 1).contains { $0.remedy.contains("--tokenizer") })
        let none = ServingRecord(endpoint: endpoint, load: load(nil), outcomes: [], seconds: 1)
        #expect(none.ttftS == nil && none.outputTokens == nil && none.goodputPerS == nil)
    }

    @Test func arrivals() {
        let fixed = ArrivalSchedule.seconds(count: 4, rate: 2, arrivals: .fixed, seed: 1)
        #expect(fixed == [0.5, 1, 1.5, 2])
        let times = ArrivalSchedule.seconds(count: 4000, rate: 8, arrivals: .poisson, seed: 1)
        #expect(times == ArrivalSchedule.seconds(count: 4000, rate: 8, arrivals: .poisson, seed: 1))
        #expect(times != ArrivalSchedule.seconds(count: 4000, rate: 8, arrivals: .poisson, seed: 2))
        #expect(times == times.sorted() && abs((times.last ?? 0) - 500) < 1e-9)
        // Exponential gaps: the standard deviation is the mean, and e⁻¹ of them are longer than it.
        let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let deviation = (gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)).squareRoot()
        #expect(abs(deviation / mean - 1) < 0.06)
        #expect(abs(Double(gaps.count { $0 > mean }) / Double(gaps.count) - exp(-1)) < 0.03)
    }

    /// Tells how many requests were under way at the same time.
    private final class CountingGenerator: Generator {
        let counts = Mutex((now: 0, most: 0, all: 0))
        var statistics: GenerationStatistics { GenerationStatistics() }

        func generate(_ requests: [GenerationRequest]) -> AsyncThrowingStream<GenerationEvent, any Error> {
            AsyncThrowingStream { continuation in
                Task {
                    counts.withLock {
                        ($0.now, $0.all) = ($0.now + 1, $0.all + 1)
                        $0.most = max($0.most, $0.now)
                    }
                    try? await Task.sleep(for: .milliseconds(5))
                    counts.withLock { $0.now -= 1 }
                    for request in requests {
                        if request.id == "3" {
                            continuation.yield(.failed(id: request.id, reason: "refused"))
                        } else {
                            continuation.yield(
                                .finished(
                                    GenerationResult(
                                        id: request.id, text: "", promptTokens: [1], tokens: [2], finishReason: .eos,
                                        timing: SequenceTiming(timeToFirstToken: 0.1, interToken: []))))
                        }
                    }
                    continuation.finish()
                }
            }
        }
    }

    @Test func closedAndOpenLoops() async throws {
        let requests = (0..<12).map { GenerationRequest(id: "\($0)", prompt: .text(""), maxNewTokens: 1) }
        for pattern in [
            LoadPattern.closed(concurrency: 3), .open(rate: 2000, arrivals: .poisson),
            .open(rate: 2000, arrivals: .fixed),
        ] {
            let generator = CountingGenerator()
            let (outcomes, seconds) = try await LoadRunner(generator).run(requests, pattern, seed: 0)
            #expect(outcomes.map { $0.result?.id } == (0..<12).map { $0 == 3 ? nil : "\($0)" })
            #expect(outcomes[3].error == "refused" && outcomes.count { $0.error != nil } == 1 && seconds > 0)
            let counts = generator.counts.withLock { $0 }
            #expect(counts.all == 12)
            if case .closed = pattern { #expect(counts.most == 3) }
        }
    }

    @Test func prometheusText() {
        let text = """
            # HELP vllm:num_requests_running now
            vllm:num_requests_running{engine="0",model_name="a}\\"b"} 3.0
            vllm:num_requests_running{engine="1"} 1 1700000000
            vllm:ttft_bucket{le="0.1"} 7
            vllm:kv_cache_usage_perc NaN
            process_cpu_seconds_total 9
            llamacpp:prompt_tokens_total 44
            yuanbench_requests_total 5
            vllm:broken{x="1" 2
            """
        #expect(
            MetricsText.values(in: text) == [
                "vllm:num_requests_running": 4, "llamacpp:prompt_tokens_total": 44, "yuanbench_requests_total": 5,
            ])
    }

    @Test func graphicsProcessors() {
        let nvidia = DeviceTool.nvidia.readings(
            in: "0, NVIDIA A10, 23028, 512, 56.20, 3\n1, Tesla, P100, 16384, 0, [N/A], 0\nbad\n")
        #expect(nvidia.map(\.index) == [0, 1] && nvidia[0].name == "NVIDIA A10" && nvidia[1].name == "Tesla,P100")
        #expect(
            nvidia[0].memoryUsedBytes == 512 * 1_048_576 && nvidia[0].powerW == 56.2 && nvidia[0].utilization == 0.03)
        #expect(nvidia[1].powerW == nil)
        let rocm = DeviceTool.rocm.readings(
            in: """
                {"card0": {"Average Graphics Package Power (W)": "35.0", "GPU use (%)": "12", "VRAM Total Memory (B)": "68702699520", \
                "VRAM Total Used Memory (B)": "10960896", "Card Series": "AMD Instinct MI210"}, "system": {"x": "y"}}
                """)
        #expect(rocm.count == 1 && rocm[0].name == "AMD Instinct MI210" && rocm[0].powerW == 35)
        #expect(rocm[0].memoryTotalBytes == 68_702_699_520 && rocm[0].memoryUsedBytes == 10_960_896)
        #expect(rocm[0].utilization == 0.12)
        for tool in DeviceTool.allCases { #expect(tool.readings(in: "No devices were found") == []) }
        #expect(DeviceTool.installed(path: "/nowhere") == nil)
    }

    @Test func syntheticPrompts() {
        let ids = SyntheticPrompts.tokens(count: 500, index: 3, seed: 1, vocabulary: 50, special: [0, 7])
        #expect(ids.count == 500 && ids.allSatisfy { (0..<50).contains($0) && $0 != 0 && $0 != 7 })
        #expect(ids == SyntheticPrompts.tokens(count: 500, index: 3, seed: 1, vocabulary: 50, special: [0, 7]))
        #expect(ids != SyntheticPrompts.tokens(count: 500, index: 4, seed: 1, vocabulary: 50, special: [0, 7]))
        #expect(SyntheticPrompts.text(words: 9, index: 0, seed: 0).split(separator: " ").count == 9)
        // 1 token before the words and 1.25 for each.
        #expect(SyntheticPrompts.words(forTokens: 251, counted: ((32, 41), (160, 201))) == 200)
        #expect(SyntheticPrompts.words(forTokens: 5, counted: ((32, 41), (160, 41))) == 5)
    }
}
