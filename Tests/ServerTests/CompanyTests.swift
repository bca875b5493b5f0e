import Foundation
import Generation
import LocalGeneration
import Server
import Testing

/// With the real engine: an answer depends on its own request alone.
struct CompanyTests {
    private static let prompts = [
        "def add(a, b):\n", "def is_even(n: int) -> bool:\n", "class Stack:\n", "import os\n\n", "for i in range(",
        "def first_two(word: str) -> str:\n    return", "x = [1, 2, 3]\n", "while True:\n",
    ]

    private static func body(_ index: Int) -> [String: Any] {
        [
            "prompt": prompts[index % prompts.count] + String(repeating: "# \(index)\n", count: index % 5),
            "max_tokens": 4 + index % 29, "stream": index % 2 == 0, "stop": index % 3 == 0 ? ["\n\n\n"] : [],
        ]
    }

    private static func text(_ answer: HTTPClient.Answer) -> String {
        let chunks =
            answer.headers["content-type"]?.hasPrefix("text/event-stream") == true
            ? answer.events.chunks : [answer.json]
        return chunks.compactMap { (($0["choices"] as? [[String: Any]])?.first)?["text"] as? String }.joined()
    }

    @Test func answersDoNotDependOnTheirCompany() async throws {
        let (model, generator) = try TestModels.nano()
        let server = try await RunningServer(model)
        // What the generator says of each request by itself.
        var alone: [String] = []
        for index in 0..<64 {
            let body = Self.body(index)
            let request = GenerationRequest(
                id: "", prompt: .text(body["prompt"] as? String ?? ""), maxNewTokens: body["max_tokens"] as? Int ?? 0,
                stop: body["stop"] as? [String] ?? [])
            for try await event in generator.generate([request]) {
                if case .finished(let result) = event { alone.append(result.text) }
            }
        }
        let port = server.port
        let together = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for index in 0..<64 {
                group.addTask {
                    let answer = try await HTTPClient(port: port).post("/v1/completions", Self.body(index))
                    return (index, Self.text(answer))
                }
            }
            var texts: [Int: String] = [:]
            for try await (index, text) in group { texts[index] = text }
            return texts.sorted { $0.key < $1.key }.map(\.value)
        }
        #expect(together == alone)
        #expect(Set(alone).count > 8, "the answers tell the requests apart")
        #expect(try await RunningServer.wait { try await server.metric("yuanbench_kv_cache_bytes") == 0 })
        try await server.stop()
    }

    @Test func disconnectedRequestsLeaveTheEngine() async throws {
        let (model, _) = try TestModels.nano(slots: 2)
        let server = try await RunningServer(model)
        for round in 0..<20 {
            let client = try server.client()
            try client.send(
                "POST", "/v1/completions",
                body: JSONSerialization.data(withJSONObject: [
                    "prompt": "def add(a, b):\n", "max_tokens": 900, "stream": true, "ignore_eos": true,
                ]))
            if round % 2 == 0 { try await client.waitForBytes() }
            if round % 3 == 0 { client.reset() } else { client.close() }
        }
        #expect(try await RunningServer.wait { try await server.metric("yuanbench_running") == 0 })
        #expect(try await RunningServer.wait { try await server.metric("yuanbench_kv_cache_bytes") == 0 })
        let answer = try await server.client().post("/v1/completions", ["prompt": "def add(a, b):\n", "max_tokens": 4])
        #expect(answer.status == 200)
        try await server.stop()
    }
}
