import Foundation
import Server
import Testing

/// Thousands of damaged requests: each gets an answer below 500 or a closed connection, and the server lives on.
struct FuzzTests {
    /// SplitMix64, so that a failure can be repeated.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let seeds = [
        #"{"model": "scripted", "prompt": "def f(x):", "max_tokens": 5, "temperature": 0.7, "top_p": 0.9, "top_k": 4, "seed": 3, "n": 2, "stop": ["a", "b"], "logprobs": 2, "stream": true, "stream_options": {"include_usage": true}}"#,
        #"{"prompt": [[1, 2, 3], [4]], "max_tokens": 3, "echo": true}"#,
        #"{"prompt": ["a", "b"], "max_tokens": 3, "suffix": null, "best_of": 1}"#,
        #"{"messages": [{"role": "system", "content": "x"}, {"role": "user", "content": [{"type": "text", "text": "y"}]}], "max_completion_tokens": 4, "logprobs": true, "top_logprobs": 3}"#,
        #"{"messages": [{"role": "user", "content": "é中🙂\ud83d\ude00"}], "tools": [], "response_format": {"type": "text"}}"#,
    ]
    private static let values = [
        "null", "true", "-1", "0", "1e999", "99999999999999999999999", "0.5", "\"\"", "\"x\"", "[]", "{}", "[null]",
        "[[]]",
        "[[[[[[]]]]]]", "\"\\ud800\"", "\"\\u0000\"", "NaN", "-0", "[-1]", "[9223372036854775807]",
        "{\"type\": \"text\"}",
        "{\"include_usage\": []}", "[{}]", "[\"\"]", "1.0", "\u{1F600}",
    ]

    /// A body with bytes changed, pieces cut and doubled, or values replaced.
    private static func body(_ random: inout Random) -> Data {
        var text = Array(seeds.randomElement(using: &random)!.utf8)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            guard !text.isEmpty else { break }
            let at = Int.random(in: 0..<text.count, using: &random)
            let end = min(text.count, at + Int.random(in: 1...12, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: text[at] = UInt8.random(in: 0...255, using: &random)
            case 1: text.removeSubrange(at..<end)
            case 2: text.insert(contentsOf: text[at..<end], at: at)
            case 3: text = Array(text[..<at])
            default:
                // The value after a colon.
                guard let colon = text[at...].firstIndex(of: UInt8(ascii: ":")) else { continue }
                let rest = text[(colon + 1)...]
                let stop = rest.firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") } ?? text.endIndex
                text.replaceSubrange((colon + 1)..<stop, with: Array(values.randomElement(using: &random)!.utf8))
            }
        }
        return Data(text)
    }

    @Test func damagedBodiesNeverFailTheServer() async throws {
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator()))
        var random = Random(state: 20_260_101)
        var client = try server.client()
        var counts: [Int: Int] = [:]
        for round in 0..<6000 {
            let body = Self.body(&random)
            let path = Bool.random(using: &random) ? "/v1/completions" : "/v1/chat/completions"
            do {
                let answer = try await client.ask("POST", path, body: body)
                counts[answer.status, default: 0] += 1
                #expect(
                    answer.status < 500, "round \(round): \(answer.status) for \(String(decoding: body, as: UTF8.self))"
                )
                if answer.status >= 400 {
                    #expect((answer.error["message"] as? String)?.isEmpty == false, "round \(round): \(answer.text)")
                }
            } catch {
                Issue.record("round \(round): no answer (\(error)) for \(String(decoding: body, as: UTF8.self))")
                client = try server.client()
            }
        }
        // Mutation leaves some whole and damages some.
        #expect((counts[200] ?? 0) > 500 && (counts[400] ?? 0) > 500, "\(counts)")
        #expect(try await RunningServer.wait { try await server.metric("yuanbench_running") == 0 })
        #expect(!(try await server.client().ask("GET", "/metrics").text.contains("status=\"5")))
        try await server.stop()
    }

    @Test func damagedHTTPNeverFailsTheServer() async throws {
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator())) { $0.limits.bodySeconds = 0.2 }
        var random = Random(state: 7)
        let whole = [
            "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"prompt\": \"a\"}",
            "GET /runs/%41/report.html?a=b HTTP/1.1\r\nHost: localhost\r\nCookie: yuanbench-session=1\r\n\r\n",
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "GET /api/compare?a=%ff&b=&a_run=1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ]
        for round in 0..<2000 {
            var bytes = Array(whole.randomElement(using: &random)!.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
                case 2 where bytes.count > 2: bytes.remove(at: at)
                default: bytes.insert(contentsOf: [13, 10], at: at)
                }
            }
            let client = try server.client()
            try? client.send(Data(bytes))
            client.finishSending()
            // An answer, or an end: what counts is that none is a failure of the server's own.
            if let answer = try? await client.read() {
                #expect(answer.status < 500, "round \(round): \(String(decoding: bytes, as: UTF8.self)) \(answer.text)")
            }
        }
        #expect(try await server.client().ask("GET", "/health").status == 200)
        #expect(!(try await server.client().ask("GET", "/metrics").text.contains("status=\"5")))
        try await server.stop()
    }
}
