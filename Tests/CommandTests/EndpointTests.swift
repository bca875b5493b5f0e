import Foundation
import RunRecords
import TestSupport
import Testing

/// `eval`, `precision` and `bench` against servers that answer as they are told.
@Suite(.timeLimit(.minutes(10)))
struct EndpointTests {
    /// Answers every question of yuanbench-exact by a word, with log probabilities where they are asked for.
    private func server(_ word: String, usage: (Int, Int)? = (30, 2)) throws -> FakeEndpoint {
        try FakeEndpoint { request, connection in
            switch request.path.prefix(while: { $0 != "?" }) {
            case "/v1/models": connection.answer(200, #"{"data":[{"id":"served"}]}"#)
            case "/metrics": connection.answer(200, "vllm:num_requests_running 2\n", type: "text/plain")
            default:
                let steps =
                    request.json["logprobs"] == nil
                    ? "null"
                    : #"{"content":[{"token":"\#(word)","id":\#(Int(word) ?? 5),"logprob":-0.5,"top_logprobs":[{"token":"\#(word)","id":\#(Int(word) ?? 5),"logprob":-0.5},{"token":"?","id":6,"logprob":-0.75}]}]}"#
                connection.beginStream()
                let text = request.path.contains("chat") ? #""delta":{"content":"\#(word)"}"# : #""text":"\#(word)""#
                connection.event(#"{"choices":[{\#(text),"logprobs":\#(steps),"finish_reason":null}]}"#)
                connection.event(
                    #"{"choices":[{\#(text.replacingOccurrences(of: word, with: "")),"finish_reason":"length"}]}"#)
                if let usage {
                    connection.event(
                        #"{"choices":[],"usage":{"prompt_tokens":\#(usage.0),"completion_tokens":\#(min(usage.1, request.json["max_tokens"] as? Int ?? 0))}}"#
                    )
                }
                connection.event("[DONE]")
            }
        }
    }

    private func report(_ folder: Folder, _ name: String = "run") throws -> Report {
        try ReportCoding.decode(
            Data(contentsOf: folder.url.appendingPathComponent("\(name)/report.json")), name: "report.json")
    }

    /// Every file below a folder as text.
    private func files(_ folder: Folder) -> String {
        let names = FileManager.default.enumerator(atPath: folder.url.path)?.compactMap { $0 as? String } ?? []
        return names.compactMap { try? String(contentsOf: folder.url.appendingPathComponent($0), encoding: .utf8) }
            .joined()
    }

    @Test func anEvaluationByTwoServersLeavesNoKey() throws {
        let servers = [try server("42"), try server("42")]
        let folder = try Folder()
        let process = Command.process(
            [
                "eval", "--endpoint", servers[0].url.replacingOccurrences(of: "//", with: "//me:pass-word@"),
                "--endpoint",
                servers[1].url + "/v1?key=query-secret", "--dataset", "yuanbench-exact", "--limit", "12", "--output",
                "run",
                "--concurrency", "4", "--dtype", "bf16",
            ], in: folder.url)
        process.environment?["YUANBENCH_API_KEY"] = "sk-of-the-test"
        let (out, err) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (out, err)
        try process.run()
        let said =
            String(decoding: try out.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            + String(decoding: try err.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(said)")
        let run = try #require(try report(folder).runs.first)
        #expect(run.model.name == "served" && run.settings.dtype == "bf16" && run.problems.count == 12)
        #expect(run.problems.allSatisfy { $0.completion == "42" && $0.promptTokens == 30 && $0.generatedTokens == 2 })
        #expect(run.throughput?.generatedTokens == 24 && run.memory == nil && run.throughput?.decodeTokensPerS == nil)
        let endpoint = try #require(run.settings.endpoint)
        #expect(endpoint.urls == servers.map(\.url) && endpoint.requests.reduce(0, +) == 12)
        #expect(endpoint.requests.allSatisfy { $0 > 0 } && endpoint.tokenCounts == ["server usage": 12])
        // The key was used, and stands nowhere; no more do credentials of addresses.
        #expect(servers[0].completions.allSatisfy { $0.head.contains("Bearer sk-of-the-test") })
        #expect(servers[1].completions.allSatisfy { $0.path.hasSuffix("?key=query-secret") })
        let everything = said + files(folder)
        for secret in ["sk-of-the-test", "pass-word", "query-secret"] {
            #expect(!everything.contains(secret), "\(secret)")
        }
    }

    @Test func whatNobodyCountedIsNull() throws {
        let server = try server("42", usage: nil)
        let folder = try Folder()
        let arguments = [
            "eval", "--endpoint", server.url, "--dataset", "yuanbench-exact", "--limit", "4", "--prompt", "completion",
            "--quiet", "--output",
        ]
        #expect(try Command.run(arguments + ["run"], in: folder.url).status == 0)
        let run = try #require(try report(folder).runs.first)
        #expect(run.problems.allSatisfy { $0.promptTokens == nil && $0.generatedTokens == nil && $0.tokens == nil })
        #expect(run.throughput?.promptTokens == nil && run.throughput?.generatedTokens == nil)
        #expect(run.settings.dtype == nil && run.settings.endpoint?.tokenCounts == ["not measured": 4])
        let json = try String(contentsOf: folder.url.appendingPathComponent("run/report.json"), encoding: .utf8)
        #expect(json.contains(#""generated_tokens" : null"#) && !json.contains(#""generated_tokens" : 0"#))
        // With the model's tokenizer they are counted, and its ids may be sent.
        let counted = try Command.run(
            arguments + ["counted", "--tokenizer", Tiny.yuan, "--send-tokens"], in: folder.url)
        #expect(counted.status == 0, "\(counted.err)")
        let second = try #require(try report(folder, "counted").runs.first)
        #expect(second.problems.allSatisfy { ($0.promptTokens ?? 0) > 4 && ($0.generatedTokens ?? 0) > 0 })
        #expect(
            second.settings.endpoint?.tokenCounts == ["tokenizer": 4]
                && second.settings.endpoint?.prompts == "token ids")
        #expect(server.completions.last?.json["prompt"] is [Int])
    }

    @Test func failuresAreNoAnswersAndResumeTriesAgain() throws {
        let server = try FakeEndpoint { request, connection in
            if request.path == "/v1/models" { return connection.answer(404, "") }
            // Every other problem is lost in mid-answer, until the server is well again.
            if request.number < 9 && request.number % 2 == 0 {
                connection.beginStream()
                connection.event(#"{"choices":[{"text":"4","finish_reason":null}]}"#)
                return connection.reset()
            }
            connection.complete(["42"], usage: (3, 1))
        }
        let folder = try Folder()
        let arguments = [
            "eval", "--endpoint", server.url, "--model", "m", "--dataset", "yuanbench-exact", "--limit", "8",
            "--prompt",
            "completion", "--quiet", "--output", "run", "--concurrency", "1",
        ]
        #expect(try Command.run(arguments, in: folder.url).status == 0)
        let first = try #require(try report(folder).runs.first)
        let lost = first.problems.filter { $0.verdict == "infrastructure" }
        #expect(lost.count == 4 && lost.allSatisfy { $0.detail.contains(server.url) && $0.completion.isEmpty })
        #expect(first.accuracy.total == 4)
        #expect(try Command.run(arguments + ["--resume"], in: folder.url).status == 0)
        let second = try #require(try report(folder).runs.first)
        #expect(second.accuracy.total == 8 && server.completions.count == 12)
    }

    @Test func twoDtypesElsewhereAreCompared() throws {
        let (a, b) = (try server("42"), try server("43"))
        let folder = try Folder()
        let run = try Command.run(
            [
                "precision", "--endpoint", "bf16=\(a.url)", "--endpoint", "fp16=\(b.url)", "--dataset",
                "yuanbench-exact",
                "--limit", "5", "--output", "run", "--prompt", "chat",
            ], in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        let report = try report(folder)
        #expect(report.runs.map(\.label) == ["bf16", "fp16"])
        let comparison = try #require(report.comparisons.first)
        #expect(
            comparison.kind == "endpoint" && comparison.byProblem.count == 5 && comparison.identicalCompletions == 0)
        let pair = comparison.byProblem[0]
        #expect(pair.firstDivergence == 0 && pair.firstDivergenceCharacter == 1)
        // The fake names one id for both words, and counts two: its ids are not all.
        #expect(pair.divergence?.marginA == 0.25 && pair.divergence?.textA == "42" && pair.divergence?.textB == "43")
        #expect(a.completions.allSatisfy { $0.path == "/v1/chat/completions" && $0.json["top_logprobs"] as? Int == 2 })
        let text = try String(contentsOf: folder.url.appendingPathComponent("run/report.md"), encoding: .utf8)
        #expect(text.contains("### Endpoints compared") && text.contains("Where completions part (5)"))
    }

    private func lines(_ file: URL) throws -> [Data] { try Data(contentsOf: file).split(separator: 0x0A) }

    /// Run and problem of a line of the journal or of the traces.
    private func problem(_ line: Data) throws -> [String] {
        let object = try #require(JSONSerialization.jsonObject(with: line) as? [String: Any])
        let id = object["id"] ?? (object["record"] as? [String: Any])?["id"]
        return [try #require(object["run"] as? String), try #require(id as? String)]
    }

    @Test func whatServersToldIsComparedAfterResumeToo() throws {
        let (a, b) = (try server("42"), try server("43"))
        let folder = try Folder()
        let arguments = [
            "precision", "--endpoint", "bf16=\(a.url)", "--endpoint", "fp16=\(b.url)", "--dataset", "yuanbench-exact",
            "--limit", "5", "--output", "run", "--prompt", "chat", "--quiet",
        ]
        #expect(try Command.run(arguments, in: folder.url).status == 0)
        let whole = try #require(try report(folder).comparisons.first)
        // As a kill leaves them: seven answers, what was told of their tokens, in an order of its own, and half a line of
        // the eighth's.
        let files = ["results.jsonl", "traces.jsonl"].map { folder.url.appendingPathComponent("run/\($0)") }
        let (results, traces) = (try lines(files[0]), try lines(files[1]))
        #expect(results.count == 10 && traces.count == 10)
        let kept = try results[..<7].map(problem)
        let told = try traces.filter { kept.contains(try problem($0)) }
        let torn = try #require(traces.first { !told.contains($0) })
        try Data(results[..<7].joined(separator: [0x0A]) + [0x0A]).write(to: files[0])
        try Data(told.joined(separator: [0x0A]) + [0x0A] + torn.prefix(20)).write(to: files[1])
        let resumed = try Command.run(arguments + ["--resume"], in: folder.url)
        #expect(resumed.status == 0, "\(resumed.err)")
        #expect(a.completions.count == 5 && b.completions.count == 8)
        let comparison = try #require(try report(folder).comparisons.first)
        #expect(comparison.byProblem.map(\.divergence) == whole.byProblem.map(\.divergence))
        #expect(comparison.byProblem.allSatisfy { $0.divergence?.marginA == 0.25 && $0.divergence?.marginB == 0.25 })
    }

    @Test func loadsBecomeAReport() throws {
        let server = try server("x", usage: (64, 8))
        let folder = try Folder()
        let run = try Command.run(
            [
                "bench", "--endpoint", server.url, "--concurrency", "1,3", "--request-rate", "200", "--num-prompts",
                "9",
                "--prompt-tokens", "64", "--generate-tokens", "8", "--goodput", "ttft:5000", "tpot:5000", "--output",
                "run",
                "--json",
            ], in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        let report = try ReportCoding.decode(Data(run.out.utf8), name: "stdout")
        #expect(report.serving.map(\.load.kind) == ["closed", "closed", "open"] && report.benchmarks.isEmpty)
        for point in report.serving {
            #expect(point.completed == 9 && point.failed == 0 && point.outputTokens == 72 && point.inputTokens == 576)
            #expect(point.goodputPerS == point.requestsPerS && (point.ttftS?.p99 ?? 0) > 0 && point.tpotS?.count == 9)
            #expect(point.serverMetrics.map(\.name) == ["vllm:num_requests_running"])
            #expect(point.endpoint.requests == [9] && point.endpoint.model == "served")
        }
        #expect(report.serving[1].peakConcurrency <= 3 && report.serving[2].load.arrivals == "poisson")
        // Two to learn how long words are, 1 + 3 + 1 of warm-up.
        #expect(server.completions.count == 27 + 2 + 5)
        #expect(Set(server.completions.compactMap { $0.json["prompt"] as? String }).count == server.completions.count)
        #expect(server.completions.allSatisfy { $0.json["ignore_eos"] as? Bool == true })
        let text = try String(contentsOf: folder.url.appendingPathComponent("run/report.md"), encoding: .utf8)
        #expect(text.contains("## Serving") && text.contains("charts/serving-throughput.svg"))
        // Every request is kept, and the report follows from them.
        let file = folder.url.appendingPathComponent("run/requests.jsonl")
        var requests = try RequestLines.decode(Data(contentsOf: file), name: "requests.jsonl")
        #expect(requests.map(\.load) == (0..<27).map { $0 / 9 } && requests.map(\.index) == (0..<27).map { $0 % 9 })
        #expect(requests.allSatisfy { $0.outputTokens == 8 && $0.itlS.count == 1 && $0.error == nil })
        #expect(try Command.run(["verify", "run"], in: folder.url).status == 0)
        requests[12].outputTokens = 9
        try RequestLines.encode(requests).write(to: file)
        let verified = try Command.run(["verify", "run"], in: folder.url)
        #expect(verified.status == 65 && verified.out.contains("serving[1].output_tokens is 72, and follows as 73"))
        requests[12].outputTokens = 8
        requests[13].load = 3
        try RequestLines.encode(requests).write(to: file)
        let strayed = try Command.run(["verify", "run"], in: folder.url)
        #expect(strayed.status == 65 && strayed.out.contains("loads of requests that the report lacks is 1"))
        try Data("\n{}\n".utf8).write(to: file)
        let broken = try Command.run(["verify", "run"], in: folder.url)
        #expect(broken.status == 65 && broken.err.contains("requests.jsonl: line 2 is no request"))
    }

    @Test(
        arguments: [
            (["eval", "--endpoint", "http://127.0.0.1:1"], 69, "refused the connection"),
            (["eval", "--endpoint", "host"], 64, "no address"), (["eval", "--send-tokens"], 64, "--tokenizer"),
            (["eval", "--endpoint", "a=http://h", "--endpoint", "http://h"], 64, "label"),
            (["precision", "--endpoint", "http://h"], 64, "at least two"),
            (
                ["eval", "--endpoint", "a=http://h", "--endpoint", "b=http://h", "--dtype", "bf16"], 64,
                "label the servers"
            ),
            (["bench", "--concurrency", "2"], 64, "--endpoint"),
            (["bench", "--endpoint", "http://h", "--goodput", "x:1"], 64, "ttft"),
            (["bench", "--endpoint", "http://h", "--request-rate", "0"], 64, "--request-rate"),
        ] as [([String], Int32, String)])
    func whatCannotBeIsRefused(arguments: [String], status: Int32, word: String) throws {
        let folder = try Folder()
        let run = try Command.run(arguments + ["--output", "run"], in: folder.url)
        #expect(run.status == status && run.err.contains(word), "\(run.status) \(run.err)")
        #expect(!run.wasKilled && !FileManager.default.fileExists(atPath: folder.url.path + "/run"))
    }
}
