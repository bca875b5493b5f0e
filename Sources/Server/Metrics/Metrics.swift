import Generation
import Synchronization

/// What `/metrics` tells, counted as it happens.
final class Metrics: Sendable {
    private struct Outcome: Hashable, Comparable {
        var path: String
        var status: Int

        static func < (a: Outcome, b: Outcome) -> Bool { (a.path, a.status) < (b.path, b.status) }
    }

    private struct State {
        var requests: [Outcome: Int] = [:]
        var promptTokens = 0
        var generatedTokens = 0
        var finish: [String: Int] = [:]
        var firstToken = Histogram([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60])
        var interToken = Histogram([0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5])
    }

    private let state = Mutex(State())

    /// - Parameter path: a route's, never what a client wrote.
    func request(path: String, status: Int) {
        state.withLock { $0.requests[Outcome(path: path, status: status), default: 0] += 1 }
    }

    func firstToken(after duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
        state.withLock { $0.firstToken.observe(seconds) }
    }

    func finished(_ result: GenerationResult) {
        let usage =
            result.usage
            ?? TokenUsage(promptTokens: result.promptTokens.count, generatedTokens: result.tokens.count)
        state.withLock { state in
            state.promptTokens += usage.promptTokens
            state.generatedTokens += usage.generatedTokens
            state.finish[result.finishReason.rawValue, default: 0] += 1
            for gap in result.timing.interToken { state.interToken.observe(gap) }
        }
    }

    /// What is known at this moment rather than counted.
    struct Gauges {
        var running: Int
        var queued: Int
        var connections: Int
        var statistics: GenerationStatistics
        /// nil where the host does not tell.
        var residentBytes: Int?
    }

    /// The text of `/metrics` (Prometheus exposition format 0.0.4).
    func text(_ gauges: Gauges) -> String {
        let state = state.withLock { $0 }
        var lines: [String] = []
        func family(_ name: String, _ type: String, _ help: String, _ values: [String]) {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"] + values
        }
        func single(_ name: String, _ type: String, _ help: String, _ value: Int) {
            family(name, type, help, ["\(name) \(value)"])
        }
        family(
            "yuanbench_requests_total", "counter", "HTTP requests by route and status; 499: the client went away.",
            state.requests.sorted { $0.key < $1.key }.map {
                "yuanbench_requests_total{path=\"\($0.key.path)\",status=\"\($0.key.status)\"} \($0.value)"
            })
        single(
            "yuanbench_prompt_tokens_total", "counter", "Prompt tokens of finished answers.", state.promptTokens)
        single(
            "yuanbench_generated_tokens_total", "counter", "Generated tokens of finished answers.",
            state.generatedTokens)
        family(
            "yuanbench_answers_total", "counter", "Finished answers by what ended them.",
            state.finish.sorted { $0.key < $1.key }.map {
                "yuanbench_answers_total{reason=\"\($0.key)\"} \($0.value)"
            })
        single("yuanbench_running", "gauge", "Answers being generated.", gauges.running)
        single("yuanbench_queued", "gauge", "Answers waiting for a slot.", gauges.queued)
        single("yuanbench_connections", "gauge", "Open connections.", gauges.connections)
        family(
            "yuanbench_time_to_first_token_seconds", "histogram",
            "From the arrival of a request to its first token, waiting included.",
            state.firstToken.lines("yuanbench_time_to_first_token_seconds"))
        family(
            "yuanbench_inter_token_seconds", "histogram", "Between successive tokens of an answer, in the engine.",
            state.interToken.lines("yuanbench_inter_token_seconds"))
        single(
            "yuanbench_kv_cache_bytes", "gauge", "Key-value cache in use.", gauges.statistics.kvCacheBytes)
        single(
            "yuanbench_kv_cache_peak_bytes", "gauge", "The most key-value cache that was in use.",
            gauges.statistics.kvCachePeakBytes)
        single("yuanbench_weights_bytes", "gauge", "Weights as packed.", gauges.statistics.weightsBytes)
        if let bytes = gauges.residentBytes {
            single("process_resident_memory_bytes", "gauge", "Resident memory of the process.", bytes)
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
