import Foundation
import Generation
import Server
import Testing

/// What goes over the wire, with a generator that is only a script.
struct ProtocolTests {
    @Test func completionsAreWhole() async throws {
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator()))
        let answer = try await server.client().post(
            "/v1/completions", ["model": "scripted", "prompt": "xy", "max_tokens": 5, "logprobs": 1])
        #expect(answer.status == 200, "\(answer.text)")
        let json = answer.json
        #expect(json["object"] as? String == "text_completion" && json["model"] as? String == "scripted")
        let choice = try #require((json["choices"] as? [[String: Any]])?.first)
        #expect(choice["text"] as? String == "abcde" && choice["finish_reason"] as? String == "length")
        let logprobs = try #require(choice["logprobs"] as? [String: Any])
        #expect(logprobs["tokens"] as? [String] == ["a", "b", "c", "d", "e"])
        #expect(logprobs["token_logprobs"] as? [Double] == Array(repeating: -0.5, count: 5))
        #expect(logprobs["text_offset"] as? [Int] == [0, 1, 2, 3, 4])
        #expect((logprobs["top_logprobs"] as? [[String: Double]])?.first == ["a": -0.5])
        let usage = try #require(json["usage"] as? [String: Int])
        #expect(usage == ["prompt_tokens": 2, "completion_tokens": 5, "total_tokens": 7])
        try await server.stop()
    }

    @Test func severalPromptsAndChoicesComeInOrder() async throws {
        let generator = ScriptedGenerator()
        let server = try await RunningServer(TestModels.scripted(generator))
        let answer = try await server.client().post(
            "/v1/completions",
            [
                "prompt": ["one", "three"], "n": 2, "max_tokens": 2, "echo": true, "temperature": 0.5, "seed": 7,
                "top_k": 3, "top_p": 0.5, "stop": ["\n"],
            ])
        let choices = try #require(answer.json["choices"] as? [[String: Any]])
        #expect(choices.map { $0["text"] as? String } == ["oneab", "oneab", "threeab", "threeab"])
        #expect(choices.map { $0["index"] as? Int } == [0, 1, 2, 3])
        #expect((answer.json["usage"] as? [String: Int])?["prompt_tokens"] == 8)
        let sampling = generator.requests.map(\.sampling)
        #expect(sampling.map { $0?.sample } == [0, 1, 0, 1])
        #expect(sampling.allSatisfy { $0?.seed == 7 && $0?.topK == 3 && $0?.topP == 0.5 && $0?.temperature == 0.5 })
        #expect(generator.requests.allSatisfy { $0.stop == ["\n"] && $0.maxNewTokens == 2 })
        let tokens = try await server.client().post(
            "/v1/completions", ["prompt": [[104, 105], [106]], "echo": true, "max_tokens": 1])
        #expect((tokens.json["choices"] as? [[String: Any]])?.map { $0["text"] as? String } == ["hia", "ja"])
        try await server.stop()
    }

    @Test func chatsAreStreamed() async throws {
        let generator = ScriptedGenerator()
        let server = try await RunningServer(TestModels.scripted(generator))
        let answer = try await server.client().post(
            "/v1/chat/completions",
            [
                "messages": [
                    ["role": "system", "content": "s"],
                    ["role": "user", "content": [["type": "text", "text": "a"], ["type": "text", "text": "b"]]],
                ], "max_completion_tokens": 3, "stream": true, "stream_options": ["include_usage": true],
                "logprobs": true, "top_logprobs": 2,
            ])
        #expect(answer.headers["content-type"]?.hasPrefix("text/event-stream") == true)
        let (chunks, done) = answer.events
        #expect(done && chunks.count == 6, "\(answer.text)")
        #expect(chunks.allSatisfy { $0["object"] as? String == "chat.completion.chunk" })
        #expect(Set(chunks.map { $0["id"] as? String }).count == 1)
        let choices = chunks.compactMap { ($0["choices"] as? [[String: Any]])?.first }
        let deltas = choices.compactMap { $0["delta"] as? [String: Any] }
        #expect(deltas.first?["role"] as? String == "assistant")
        #expect(deltas.compactMap { $0["content"] as? String }.joined() == "abc")
        #expect(choices.map { $0["finish_reason"] as? String } == [nil, nil, nil, nil, "length"])
        let tokens = choices.flatMap { ($0["logprobs"] as? [String: Any])?["content"] as? [[String: Any]] ?? [] }
        #expect(tokens.map { $0["token"] as? String } == ["a", "b", "c"])
        #expect(tokens.allSatisfy { ($0["top_logprobs"] as? [[String: Any]])?.count == 2 })
        #expect((chunks.last?["usage"] as? [String: Int])?["completion_tokens"] == 3)
        #expect((chunks.last?["choices"] as? [Any])?.isEmpty == true)
        guard case .tokens(let ids) = generator.requests[0].prompt else { return #expect(Bool(false)) }
        #expect(String(decoding: ids.map(UInt8.init), as: UTF8.self) == "<system>s<user>ab<answer>")
        try await server.stop()
    }

    /// Greedy unless asked otherwise, and a final message of the assistant goes on only if that is asked for.
    @Test func defaultsAndPrefill() async throws {
        let generator = ScriptedGenerator()
        let server = try await RunningServer(TestModels.scripted(generator))
        let messages = [["role": "user", "content": "a"], ["role": "assistant", "content": "b"]]
        _ = try await server.client().post("/v1/chat/completions", ["messages": messages, "max_tokens": 1])
        _ = try await server.client().post(
            "/v1/chat/completions", ["messages": messages, "max_tokens": 1, "continue_final_message": true])
        _ = try await server.client().post("/v1/completions", ["prompt": "a"])
        let texts = generator.requests.map { request in
            if case .tokens(let ids) = request.prompt {
                String(decoding: ids.map(UInt8.init), as: UTF8.self)
            } else {
                ""
            }
        }
        #expect(texts == ["<user>a<assistant>b<answer>", "<user>a<answer>b", "a"])
        #expect(generator.requests.allSatisfy { $0.sampling == nil && $0.topLogits == 0 })
        #expect(generator.requests.last?.maxNewTokens == 16)
        try await server.stop()
    }

    /// Body, and the field that its error names.
    static let mistakes: [(path: String, body: String, field: String?, code: Int)] = [
        ("completions", "", nil, 400), ("completions", "[]", nil, 400), ("completions", "{", nil, 400),
        ("completions", "{}", "prompt", 400), ("completions", #"{"prompt": 5}"#, "prompt", 400),
        ("completions", #"{"prompt": []}"#, "prompt", 400), ("completions", #"{"prompt": ""}"#, "prompt", 400),
        ("completions", #"{"prompt": ["a", ""]}"#, "prompt[1]", 400),
        ("completions", #"{"prompt": [1, "a"]}"#, "prompt", 400),
        ("completions", #"{"prompt": "a", "max_tokens": 0}"#, "max_tokens", 400),
        ("completions", #"{"prompt": "a", "max_tokens": 1.5}"#, "max_tokens", 400),
        ("completions", #"{"prompt": "a", "max_tokens": "5"}"#, "max_tokens", 400),
        ("completions", #"{"prompt": "a", "temperature": -1}"#, "temperature", 400),
        ("completions", #"{"prompt": "a", "temperature": "hot"}"#, "temperature", 400),
        ("completions", #"{"prompt": "a", "top_p": 0}"#, "top_p", 400),
        ("completions", #"{"prompt": "a", "top_k": 1e30}"#, "top_k", 400),
        ("completions", #"{"prompt": "a", "seed": "x"}"#, "seed", 400),
        ("completions", #"{"prompt": "a", "n": 0}"#, "n", 400),
        ("completions", #"{"prompt": "a", "n": 1000}"#, "n", 400),
        ("completions", #"{"prompt": "a", "stop": 1}"#, "stop", 400),
        ("completions", #"{"prompt": "a", "stop": [""]}"#, "stop", 400),
        (
            "completions",
            #"{"prompt": "a", "stop": ["a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a","a"]}"#, "stop",
            400
        ),
        ("completions", #"{"prompt": "a", "logprobs": 100}"#, "logprobs", 400),
        ("completions", #"{"prompt": "a", "echo": true, "logprobs": 1}"#, "echo", 400),
        ("completions", #"{"prompt": "a", "stream": 1}"#, "stream", 400),
        ("completions", #"{"prompt": "a", "stream_options": {}}"#, "stream_options", 400),
        (
            "completions", #"{"prompt": "a", "stream": true, "stream_options": {"include_usage": 3}}"#,
            "stream_options.include_usage", 400
        ),
        ("completions", #"{"prompt": "a", "frequency_penalty": 0.5}"#, "frequency_penalty", 400),
        ("completions", #"{"prompt": "a", "suffix": "b"}"#, "suffix", 400),
        ("completions", #"{"prompt": "a", "model": "other"}"#, "model", 404),
        ("completions", #"{"prompt": "a", "model": 3}"#, "model", 400),
        ("chat/completions", "{}", "messages", 400), ("chat/completions", #"{"messages": {}}"#, "messages", 400),
        ("chat/completions", #"{"messages": []}"#, "messages", 400),
        ("chat/completions", #"{"messages": ["a"]}"#, "messages[0]", 400),
        ("chat/completions", #"{"messages": [{"role": "user"}]}"#, "messages[0].content", 400),
        ("chat/completions", #"{"messages": [{"content": "a"}]}"#, "messages[0].role", 400),
        (
            "chat/completions", #"{"messages": [{"role": "user", "content": "a"}, {"role": "tool", "content": "a"}]}"#,
            "messages[1].role", 400
        ),
        ("chat/completions", #"{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}"#, "messages", 400),
        ("chat/completions", #"{"messages": [{"role": "user", "content": "a"}], "tools": [{}]}"#, "tools", 400),
        (
            "chat/completions", #"{"messages": [{"role": "user", "content": "a"}], "top_logprobs": 2}"#, "top_logprobs",
            400
        ),
        (
            "chat/completions",
            #"{"messages": [{"role": "user", "content": "a"}], "response_format": {"type": "json_object"}}"#,
            "response_format", 400
        ),
        (
            "chat/completions", #"{"messages": [{"role": "user", "content": "a"}], "continue_final_message": true}"#,
            "continue_final_message", 400
        ),
    ]

    @Test func mistakesNameTheirField() async throws {
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator()))
        let client = try server.client()
        for (path, body, field, code) in Self.mistakes {
            let answer = try await client.post("/v1/\(path)", body)
            #expect(answer.status == code, "\(body): \(answer.text)")
            #expect(answer.error["param"] as? String == field, "\(body): \(answer.text)")
            let message = answer.error["message"] as? String ?? ""
            #expect(message.count > 10 && !message.contains("Swift"), "\(body): \(message)")
            #expect(answer.error["type"] as? String == "invalid_request_error")
        }
        let long = try await client.post("/v1/completions", ["prompt": String(repeating: "a", count: 256)])
        #expect(long.status == 400 && long.error["code"] as? String == "context_length_exceeded", "\(long.text)")
        // What asks for nothing is no mistake.
        let neutral = try await client.post(
            "/v1/chat/completions",
            #"{"messages": [{"role": "user", "content": "a"}], "max_tokens": 1, "frequency_penalty": 0, "tools": [], "tool_choice": "auto", "response_format": {"type": "text"}, "logit_bias": {}, "user": "me", "temperature": null, "stop": null, "min_p": 0.0, "repetition_penalty": 1.0}"#
        )
        #expect(neutral.status == 200, "\(neutral.text)")
        try await server.stop()
    }

    @Test func listsItsModel() async throws {
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator()))
        let client = try server.client()
        let list = try await client.ask("GET", "/v1/models").json["data"] as? [[String: Any]]
        #expect(list?.first?["id"] as? String == "scripted" && list?.first?["dtype"] as? String == "bf16")
        #expect(try await client.ask("GET", "/v1/models/scripted").status == 200)
        #expect(try await client.ask("GET", "/v1/models/other").status == 404)
        #expect(try await client.ask("GET", "/health").status == 200)
        #expect(try await client.ask("GET", "/v1/completions").status == 405)
        #expect(try await client.ask("GET", "/v1/completions").headers["allow"] == "POST")
        #expect(try await client.ask("GET", "/nothing").status == 404)
        let head = try await client.ask("HEAD", "/health")
        #expect(head.status == 200)
        try await server.stop()
    }

    @Test func countsWhatItDoes() async throws {
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator()))
        let client = try server.client()
        _ = try await client.post("/v1/completions", ["prompt": "abc", "max_tokens": 4])
        _ = try await client.post("/v1/completions", "{}")
        let text = try await client.ask("GET", "/metrics").text
        for line in [
            #"yuanbench_requests_total{path="/v1/completions",status="200"} 1"#,
            #"yuanbench_requests_total{path="/v1/completions",status="400"} 1"#, "yuanbench_prompt_tokens_total 3",
            "yuanbench_generated_tokens_total 4", #"yuanbench_answers_total{reason="length"} 1"#,
            "yuanbench_time_to_first_token_seconds_count 1", "yuanbench_inter_token_seconds_count 3",
            #"yuanbench_inter_token_seconds_bucket{le="0.001"} 0"#,
            #"yuanbench_inter_token_seconds_bucket{le="0.0025"} 3"#,
            "yuanbench_running 0", "yuanbench_queued 0",
        ] { #expect(text.contains(line + "\n"), "\(line) in \(text)") }
        try await server.stop()
    }
}
