import Foundation
import Generation
import Synchronization
import TestSupport
import Testing

@testable import RemoteGeneration

/// A generator against servers that answer, stumble, lie and fall silent.
@Suite(.timeLimit(.minutes(10)))
struct RemoteGeneratorTests {
    /// Does not wait long.
    private func generator(_ urls: [String], _ settings: RemoteSettings) throws -> RemoteGenerator {
        RemoteGenerator(
            try urls.map(EndpointURL.init), settings: settings,
            policy: RetryPolicy(retries: settings.retries, first: 0.005, longest: 0.02))
    }

    private struct Told {
        var results: [String: GenerationResult] = [:]
        var failures: [String: String] = [:]
        var text: [String: String] = [:]
    }

    private func settings(retries: Int = 0, inactivity: Double = 5) -> RemoteSettings {
        var settings = RemoteSettings(model: "m")
        settings.retries = retries
        settings.inactivity = inactivity
        return settings
    }

    private func requests(_ count: Int = 1, stop: [String] = []) -> [GenerationRequest] {
        (0..<count).map { GenerationRequest(id: "\($0)", prompt: .text("p\($0)"), maxNewTokens: 20, stop: stop) }
    }

    private func run(_ generator: RemoteGenerator, _ requests: [GenerationRequest]) async throws -> Told {
        var told = Told()
        for try await event in generator.generate(requests) {
            switch event {
            case .text(let id, let delta, _): told.text[id, default: ""] += delta
            case .finished(let result): told.results[result.id] = result
            case .failed(let id, let reason): told.failures[id] = reason
            }
        }
        #expect(told.results.count + told.failures.count == requests.count)
        return told
    }

    private func one(
        settings: RemoteSettings? = nil,
        _ script: @escaping @Sendable (FakeEndpoint.Request, FakeEndpoint.Connection) -> Void
    ) async throws -> (told: Told, server: FakeEndpoint, generator: RemoteGenerator) {
        let server = try FakeEndpoint(script)
        let generator = try generator([server.url], settings ?? self.settings())
        return (try await run(generator, requests()), server, generator)
    }

    @Test func answersComeWithTheirCounts() async throws {
        let server = try FakeEndpoint { request, connection in
            connection.complete([request.json["prompt"] as? String ?? "?", "-", "é🦙"])
        }
        let generator = RemoteGenerator([try EndpointURL(server.url)], settings: settings())
        let told = try await run(generator, requests(40))
        #expect(told.failures == [:])
        for (id, result) in told.results {
            #expect(result.text == "p\(id)-é🦙" && told.text[id] == result.text && result.finishReason == .eos)
            #expect(
                result.usage == TokenUsage(promptTokens: 7, generatedTokens: 3) && result.timing.interToken.count == 3)
        }
        let statistics = await generator.statistics
        #expect(statistics.promptTokens == 280 && statistics.generatedTokens == 120 && statistics.wallSeconds > 0)
        #expect(await generator.account.counting == [.server: 40])
    }

    @Test func framesMayBeCutAnywhere() async throws {
        let (told, _, _) = try await one { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            let stream =
                ": ping\r\n\r\ndata: {\"choices\":[{\"text\":\"元🦙\",\"finish_reason\":null}]}\r\n\r\n"
                + "data: {\"choices\":[{\"text\":\"!\",\"finish_reason\":\"length\"}]}\r\n\r\n"
                + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}"
            for byte in stream.utf8 {
                connection.send([byte])
                usleep(200)
            }
        }
        #expect(told.results["0"]?.text == "元🦙!" && told.results["0"]?.usage?.generatedTokens == 2, "\(told.failures)")
    }

    /// Refusals that say "later", and connections lost before the answer, are tried again; nothing is told twice.
    @Test func whatIsSafeIsTriedAgain() async throws {
        let (told, server, generator) = try await one(settings: settings(retries: 9)) { request, connection in
            switch request.number {
            case 0: connection.answer(429, #"{"error":{"message":"slow down"}}"#, headers: ["Retry-After: 0"])
            case 1: connection.answer(503, "loading", headers: ["Retry-After: 0"])
            case 2: connection.answer(502, "", headers: ["Retry-After: 0"])
            case 3: connection.answer(504, "", headers: ["Retry-After: 0"])
            case 4: connection.reset()
            case 5: connection.close()
            case 6: connection.beginStream()
            default: connection.complete(["ok"])
            }
        }
        #expect(told.results["0"]?.text == "ok" && told.text["0"] == "ok", "\(told.failures)")
        #expect(server.requests.count == 8)
        #expect(await generator.account.retries == 7)
    }

    /// A kept connection that the server closes just when it is used again is no failure, even where nothing is retried.
    @Test func connectionsThatEndUnannouncedAreReplaced() async throws {
        let server = try FakeEndpoint { _, connection in
            let events = #"data: {"choices":[{"text":"ok","finish_reason":"length"}]}"# + "\n\ndata: [DONE]\n\n"
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            connection.send("\(String(events.utf8.count, radix: 16))\r\n\(events)\r\n0\r\n\r\n")
            connection.awaitMore()
            connection.reset()
        }
        var settings = settings()
        settings.concurrency = 1
        let told = try await run(try generator([server.url], settings), requests(4))
        #expect(told.failures == [:] && told.results.count == 4)
    }

    private struct Case {
        let words: String
        let script: @Sendable (FakeEndpoint.Request, FakeEndpoint.Connection) -> Void

        init(_ words: String, _ script: @escaping @Sendable (FakeEndpoint.Request, FakeEndpoint.Connection) -> Void) {
            self.words = words
            self.script = script
        }
    }

    @Test func whatIsNotSafeIsNot() async throws {
        let cases: [Case] = [
            Case("500 to /v1/completions: oh no") { _, c in c.answer(500, #"{"error":{"message":"oh no"}}"#) },
            Case("maximum context length") { _, c in c.answer(400, #"{"message":"maximum context length is 9"}"#) },
            Case("correct --endpoint or --model") { _, c in c.answer(404, "nothing") },
            Case("a redirect") { _, c in c.answer(302, "", headers: ["Location: http://127.0.0.1:1/"]) },
            Case("set YUANBENCH_API_KEY") { _, c in c.answer(401, #"{"error":"who?"}"#) },
            Case("without streaming") { _, c in c.answer(200, #"{"choices":[{"text":"x"}]}"#) },
            Case("mid-answer") { _, c in
                c.beginStream()
                c.event(#"{"choices":[{"text":"half","finish_reason":null}]}"#)
                // A reset throws away what the client has not read yet.
                usleep(200_000)
                c.reset()
            },
            Case("broke the stream off") { _, c in
                c.beginStream()
                c.event(#"{"choices":[{"text":"half","finish_reason":null}]}"#)
            },
        ]
        for one in cases {
            let (script, words) = (one.script, one.words)
            let (told, server, _) = try await self.one(settings: settings(retries: 3), script)
            let reason = told.failures["0"] ?? "no failure"
            #expect(reason.contains(words) && reason.contains(server.url), "\(reason)")
            #expect(server.requests.count == 1, "\(words)")
        }
    }

    @Test func refusedConnectionsAreNamed() async throws {
        let server = try FakeEndpoint { _, _ in }
        server.stop()
        let told = try await run(try generator([server.url], settings(retries: 1)), requests())
        #expect(told.failures["0"]?.contains("refused the connection; start the server") == true, "\(told.failures)")
        #expect(told.failures["0"]?.contains("2 times") == true)
    }

    /// Silence ends a request, slowness does not.
    @Test func onlySilenceIsALimit() async throws {
        let (silent, _, _) = try await one(settings: settings(retries: 2, inactivity: 0.3)) { _, connection in
            connection.beginStream()
            connection.event(#"{"choices":[{"text":"a","finish_reason":null}]}"#)
            sleep(2)
        }
        #expect(silent.failures["0"]?.contains("sent nothing for 0.3 s") == true, "\(silent)")
        // Longer in all than the limit, but never silent for so long: wide apart, so that a busy host does not decide.
        let (slow, _, _) = try await one(settings: settings(inactivity: 10)) { _, connection in
            connection.beginStream()
            for _ in 0..<24 {
                connection.send(": still there\n\n")
                usleep(500_000)
            }
            connection.event(#"{"choices":[{"text":"b","finish_reason":"length"}]}"#)
        }
        #expect(slow.results["0"]?.text == "b", "\(slow.failures)")
    }

    /// A server that refuses a field is asked without it, and the loss is told.
    @Test func unknownFieldsAreLeftOut() async throws {
        let server = try FakeEndpoint { request, connection in
            for field in ["return_token_ids", "repetition_penalty", "stream_options"] where request.json[field] != nil {
                return connection.answer(
                    400, #"{"error":{"message":"Unrecognized request argument supplied: \#(field)"}}"#)
            }
            connection.complete(["ok"], usage: nil)
        }
        let generator = RemoteGenerator([try EndpointURL(server.url)], settings: settings())
        let told = try await run(generator, requests(3))
        #expect(told.results.count == 3, "\(told.failures)")
        // Nobody counted.
        #expect(told.results["0"]?.usage == nil)
        #expect(await generator.statistics.uncountedSequences == 3)
        let account = await generator.account
        #expect(account.losses.count == 1 && account.losses[0].contains("stream_options"))
        #expect(account.counting == [.notMeasured: 3] && account.retries == 0)
    }

    /// A server that begins an opened answer again has another prompt than a local run; that is told.
    @Test func answersBegunAnewAreTold() async throws {
        let server = try FakeEndpoint { request, connection in
            connection.complete([request.number == 0 ? "```" : "def", "python\n"])
        }
        let generator = RemoteGenerator([try EndpointURL(server.url)], settings: settings())
        let prompt = Prompt.chat([ChatMessage(role: .user, content: "?")], prefill: "A script:\n```python\n")
        for id in ["0", "1"] {
            _ = try await run(generator, [GenerationRequest(id: id, prompt: prompt, maxNewTokens: 20)])
        }
        let losses = await generator.account.losses
        #expect(losses.count == 1 && losses[0].contains("opened answer: 1 began anew"), "\(losses)")
    }

    @Test func tokensAreCountedHereWhereTheServerDoesNot() async throws {
        var settings = settings()
        settings.count = { prompt, text in TokenUsage(promptTokens: 4, generatedTokens: text.count) }
        settings.render = { _ in .tokens([1, 2, 3]) }
        let (told, server, generator) = try await one(settings: settings) { _, c in c.complete(["abc"], usage: nil) }
        #expect(told.results["0"]?.usage == TokenUsage(promptTokens: 4, generatedTokens: 3))
        #expect(server.requests[0].json["prompt"] as? [Int] == [1, 2, 3])
        #expect(await generator.account.counting == [.tokenizer: 1])
    }

    /// However often the server tells the key back, nobody else hears of it.
    @Test func keysStayHere() async throws {
        let key = "sk-very-secret-0123456789"
        var settings = settings()
        settings.apiKey = key
        let (told, server, _) = try await one(settings: settings) { request, connection in
            connection.answer(403, #"{"error":{"message":"Bearer \#("sk-very-secret-0123456789") is not welcome"}}"#)
        }
        #expect(server.requests[0].head.contains("Bearer \(key)"))
        let reason = try #require(told.failures["0"])
        #expect(!reason.contains(key) && !reason.contains("very-secret") && reason.contains("[key]"), "\(reason)")
        #expect(RemoteSettings.apiKey(environment: ["OPENAI_API_KEY": "b", "YUANBENCH_API_KEY": " a\n"]) == "a")
        #expect(RemoteSettings.apiKey(environment: ["OPENAI_API_KEY": "b", "YUANBENCH_API_KEY": ""]) == "b")
        #expect(RemoteSettings.apiKey(environment: [:]) == nil)
        // A key that no header can hold.
        settings.apiKey = "sk-very\nsecret"
        let (refused, _, _) = try await one(settings: settings) { _, c in c.complete(["x"]) }
        #expect(refused.failures["0"]?.contains("very") == false && refused.failures.count == 1, "\(refused.failures)")
    }

    @Test func theLoadIsSharedAndADeadServerIsLeftAlone() async throws {
        let servers = try (0..<2).map { _ in
            try FakeEndpoint { _, connection in
                usleep(20_000)
                connection.complete(["x"])
            }
        }
        let dead = try FakeEndpoint { _, connection in connection.reset() }
        var settings = settings(retries: 5)
        settings.concurrency = 6
        let all = servers + [dead]
        let urls = all.map(\.url)
        let generator = try generator(urls, settings)
        let told = try await run(generator, requests(30))
        #expect(told.results.count == 30, "\(told.failures)")
        let sent = await generator.account.sent
        #expect(sent[0] >= 10 && sent[1] >= 10 && sent[2] <= 15, "\(sent)")
    }

    @Test func noMoreThanAskedAreUnderWay() async throws {
        let counts = Mutex((now: 0, most: 0))
        let server = try FakeEndpoint { _, connection in
            counts.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            usleep(10_000)
            counts.withLock { $0.now -= 1 }
            connection.complete(["x"])
        }
        var settings = settings()
        settings.concurrency = 3
        let told = try await run(RemoteGenerator([try EndpointURL(server.url)], settings: settings), requests(20))
        #expect(told.results.count == 20 && counts.withLock { $0.most } == 3)
    }

    /// Ending the consumer hangs up.
    @Test func cancellationHangsUp() async throws {
        let hungUp = Mutex(false)
        let server = try FakeEndpoint { _, connection in
            connection.beginStream()
            for _ in 0..<400 where connection.event(#"{"choices":[{"text":"a","finish_reason":null}]}"#) {
                usleep(10_000)
            }
            if !connection.event("{}") { hungUp.withLock { $0 = true } }
        }
        let generator = RemoteGenerator([try EndpointURL(server.url)], settings: settings())
        for try await event in generator.generate(requests()) {
            if case .text = event { break }
        }
        for _ in 0..<300 where !hungUp.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(20)) }
        #expect(hungUp.withLock { $0 })
    }

    @Test func theModelsOfAServer() async throws {
        let server = try FakeEndpoint { request, connection in
            switch request.path {
            case "/v1/models": connection.answer(200, #"{"object":"list","data":[{"id":"a"},{"id":"b"}]}"#)
            case "/metrics": connection.answer(200, "vllm:x 1\n", type: "text/plain")
            default: connection.answer(404, "")
            }
        }
        let url = try EndpointURL(server.url + "/v1")
        let probe = EndpointProbe([url], apiKey: nil)
        #expect(try await probe.models(of: url) == ["a", "b"])
        #expect(await probe.metrics(of: url) == "vllm:x 1\n")
        let without = try FakeEndpoint { _, connection in connection.answer(404, "") }
        #expect(try await probe.models(of: EndpointURL(without.url)) == nil)
        let locked = try FakeEndpoint { _, connection in connection.answer(401, "") }
        await #expect(throws: EndpointError.self) { try await probe.models(of: EndpointURL(locked.url)) }
    }
}
