import Foundation
import Server
import Testing

/// How much a server takes on, and what becomes of requests that it cannot finish.
struct LimitTests {
    private static func ask(_ client: HTTPClient, tokens: Int = 5, stream: Bool = false, prompts: Int = 1) throws {
        let body: [String: Any] = [
            "prompt": Array(repeating: "x", count: prompts), "max_tokens": tokens, "stream": stream,
        ]
        try client.send("POST", "/v1/completions", body: JSONSerialization.data(withJSONObject: body))
    }

    @Test func aFullQueueIsToldOf() async throws {
        let generator = ScriptedGenerator(isFree: false)
        let server = try await RunningServer(TestModels.scripted(generator, slots: 2)) {
            $0.limits.queuedSequences = 3
        }
        var clients: [HTTPClient] = []
        for number in 1...5 {
            clients.append(try server.client())
            try Self.ask(clients[number - 1])
            let reached = try await RunningServer.wait {
                let (running, queued) = (
                    try await server.metric("yuanbench_running"), try await server.metric("yuanbench_queued")
                )
                return running == min(number, 2) && queued == max(0, number - 2)
            }
            #expect(reached)
        }
        #expect(generator.running == 2, "the generator gets no more than it runs")
        let refused = try await server.client().post("/v1/completions", ["prompt": "x"])
        #expect(refused.status == 429 && refused.headers["retry-after"] != nil)
        #expect(refused.error["code"] as? String == "queue_full", "\(refused.text)")
        generator.letGo()
        for client in clients { #expect(try await client.read().status == 200) }
        #expect(generator.most == 2)
        #expect(try await server.metric("yuanbench_running") == 0)
        try await server.stop()
    }

    /// A request for more answers than there are slots takes them all, and gives them back one by one.
    @Test func manyAnswersShareTheSlots() async throws {
        let generator = ScriptedGenerator()
        let server = try await RunningServer(TestModels.scripted(generator, slots: 2)) {
            $0.limits.queuedSequences = 0
        }
        let client = try server.client()
        try Self.ask(client, prompts: 7)
        let answer = try await client.read()
        #expect(answer.status == 200 && (answer.json["choices"] as? [Any])?.count == 7)
        #expect(try await server.client().post("/v1/completions", ["prompt": "x"]).status == 200)
        #expect(try await server.metric("yuanbench_running") == 0)
        try await server.stop()
    }

    @Test(arguments: [true, false], ["close", "half", "reset"])
    func aClientThatLeavesFreesItsSlot(stream: Bool, how: String) async throws {
        let generator = ScriptedGenerator(isFree: false)
        let server = try await RunningServer(TestModels.scripted(generator, slots: 1))
        let (leaver, waiter) = (try server.client(), try server.client())
        try Self.ask(leaver, stream: stream)
        #expect(try await RunningServer.wait { generator.running == 1 })
        try Self.ask(waiter)
        #expect(try await RunningServer.wait { try await server.metric("yuanbench_queued") == 1 })
        if stream { try await leaver.waitForBytes() }
        switch how {
        case "half": leaver.finishSending()
        case "reset": leaver.reset()
        default: leaver.close()
        }
        // Its slot goes to who waits, though no token has come since.
        #expect(try await RunningServer.wait { try await server.metric("yuanbench_queued") == 0 })
        #expect(try await RunningServer.wait { generator.running == 1 })
        generator.letGo()
        #expect(try await waiter.read().status == 200)
        #expect(try await server.metric("yuanbench_running") == 0)
        try await server.stop()
    }

    @Test func aClientThatLeavesTheQueueIsGone() async throws {
        let generator = ScriptedGenerator(isFree: false)
        let server = try await RunningServer(TestModels.scripted(generator, slots: 1))
        let (first, second) = (try server.client(), try server.client())
        try Self.ask(first)
        #expect(try await RunningServer.wait { generator.running == 1 })
        try Self.ask(second)
        #expect(try await RunningServer.wait { try await server.metric("yuanbench_queued") == 1 })
        second.close()
        #expect(try await RunningServer.wait { try await server.metric("yuanbench_queued") == 0 })
        generator.letGo()
        #expect(try await first.read().status == 200)
        #expect(generator.requests.count == 1)
        try await server.stop()
    }

    @Test func bodiesHaveALimit() async throws {
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator())) {
            $0.limits.bodyBytes = 2000
            $0.limits.bodySeconds = 0.3
        }
        let body = Data("{\"prompt\": \"\(String(repeating: "a", count: 3000))\"}".utf8)
        #expect(try await server.client().ask("POST", "/v1/completions", body: body).status == 413)
        let chunked = try server.client()
        try chunked.send(
            "POST", "/v1/completions", headers: ["Transfer-Encoding": "chunked", "Content-Type": "application/json"])
        try chunked.send(Data("bb8\r\n".utf8) + body.prefix(3000) + Data("\r\n0\r\n\r\n".utf8))
        #expect(try await chunked.read().status == 413)
        chunked.close()
        let slow = try server.client()
        try slow.send(
            "POST", "/v1/completions", headers: ["Content-Length": "100", "Content-Type": "application/json"])
        try slow.send(Data("{".utf8))
        // 408, or the connection is simply closed: it does not stay.
        let answer = try? await slow.read()
        #expect(answer == nil || answer?.status == 408)
        #expect(try await RunningServer.wait { try await server.metric("yuanbench_connections") == 1 })
        try await server.stop()
    }

    @Test func stoppingFinishesWhatItCan() async throws {
        let generator = ScriptedGenerator(isFree: false)
        let server = try await RunningServer(TestModels.scripted(generator, slots: 1)) { $0.grace = 20 }
        let (running, waiting, idle) = (try server.client(), try server.client(), try server.client())
        #expect(try await idle.ask("GET", "/health").status == 200)
        try Self.ask(running, stream: true)
        try await running.waitForBytes()
        try Self.ask(waiting)
        #expect(try await RunningServer.wait { try await server.metric("yuanbench_queued") == 1 })
        async let stopped: Void = server.stop()
        #expect(try await RunningServer.wait { (try? server.client()) == nil }, "no new connection is taken")
        generator.letGo()
        #expect(try await running.read().events.done)
        #expect(try await waiting.read().status == 200)
        try await stopped
    }

    @Test func stoppingEndsWhatTakesTooLong() async throws {
        let generator = ScriptedGenerator(isFree: false)
        let server = try await RunningServer(TestModels.scripted(generator, slots: 2)) { $0.grace = 0.2 }
        let (stream, whole) = (try server.client(), try server.client())
        try Self.ask(stream, stream: true)
        try Self.ask(whole)
        #expect(try await RunningServer.wait { generator.running == 2 })
        try await server.stop()
        let events = try await stream.read().events
        #expect(events.done && events.chunks.last?["error"] != nil, "a stream that is cut says so")
        let answer = try await whole.read()
        #expect(answer.status == 503 && answer.error["code"] as? String == "stopping")
        #expect(try await RunningServer.wait { generator.running == 0 })
    }
}
