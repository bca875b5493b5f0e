import Foundation
import Generation
import Testing

@testable import RemoteGeneration

/// Addresses, bodies, chunks, retries: what needs no server.
struct EndpointPartsTests {
    @Test(arguments: [
        ("http://host:8000", "http://host:8000"), ("http://host:8000/", "http://host:8000"),
        ("HTTP://host/v1", "http://host"), ("https://host/v1/chat/completions", "https://host"),
        ("http://host/v1/completions/", "http://host"), ("http://host/llm/v1/", "http://host/llm"),
        ("http://me:secret@host:1/v1?key=topsecret#x", "http://host:1"), ("http://[::1]:8000", "http://[::1]:8000"),
    ])
    func addressesAreBroughtToTheirRoot(text: String, shown: String) throws {
        #expect(try EndpointURL(text).description == shown)
    }

    @Test func credentialsAreUsedAndNotShown() throws {
        let url = try EndpointURL("http://me:secret@host:1/v1?key=topsecret")
        #expect(url.address(of: "/v1/models") == "http://host:1/v1/models?key=topsecret")
        #expect(url.basicCredentials == "bWU6c2VjcmV0" && url.secrets == ["bWU6c2VjcmV0", "topsecret"])
        #expect(EndpointURL.redacted("bf16=http://me:se@cret@host:1/v1?key=x") == "bf16=http://host:1/v1")
        #expect(EndpointURL.redacted("--limit") == "--limit" && EndpointURL.redacted("http://h/p") == "http://h/p")
        let error = #expect(throws: EndpointError.self) { try EndpointURL("ftp://me:secret@host") }
        #expect(error?.message.contains("secret") == false && error?.message.contains("ftp://host") == true)
    }

    @Test(arguments: ["", "host:8000", "http://", "file:///tmp", "http://host:99999"])
    func whatIsNoAddressIsRefused(text: String) { #expect(throws: EndpointError.self) { try EndpointURL(text) } }

    private func body(_ request: GenerationRequest, _ prompt: Prompt, dropped: Set<OptionalField> = []) throws
        -> [String: Any]
    {
        let data = try JSONEncoder().encode(CompletionBody(request, prompt: prompt, model: "m", dropped: dropped))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func aGreedyRequest() throws {
        let request = GenerationRequest(id: "a", prompt: .text("p"), maxNewTokens: 9, stop: ["\n\n"], topLogits: 2)
        let json = try body(request, request.prompt)
        #expect(json["model"] as? String == "m" && json["prompt"] as? String == "p" && json["max_tokens"] as? Int == 9)
        #expect(json["temperature"] as? Double == 0 && json["top_p"] as? Double == 1 && json["seed"] == nil)
        #expect(
            json["stop"] as? [String] == ["\n\n"] && json["stream"] as? Bool == true && json["logprobs"] as? Int == 2)
        #expect((json["stream_options"] as? [String: Bool])?["include_usage"] == true && json["ignore_eos"] == nil)
        let bare = try body(request, request.prompt, dropped: Set(OptionalField.allCases))
        #expect(Set(bare.keys) == ["model", "prompt", "max_tokens", "stream", "stop", "temperature", "top_p"])
        #expect(try body(request, .tokens([5, 6]))["prompt"] as? [Int] == [5, 6])
    }

    @Test func aConversationThatOpensItsAnswer() throws {
        let turns = [ChatMessage(role: .system, content: "s"), ChatMessage(role: .user, content: "u")]
        let request = GenerationRequest(
            id: "a", prompt: .chat(turns, prefill: "```"), maxNewTokens: 9, ignoreEOS: true, topLogits: 3)
        let json = try body(request, request.prompt)
        let messages = try #require(json["messages"] as? [[String: String]])
        #expect(messages.map { $0["role"] } == ["system", "user", "assistant"] && messages[2]["content"] == "```")
        #expect(json["continue_final_message"] as? Bool == true && json["add_generation_prompt"] as? Bool == false)
        #expect(
            json["logprobs"] as? Bool == true && json["top_logprobs"] as? Int == 3
                && json["ignore_eos"] as? Bool == true)
        #expect(try body(request, .chat(turns, prefill: ""))["continue_final_message"] == nil)
    }

    @Test func samplingIsSaidInTheProtocolsWords() throws {
        var request = GenerationRequest(id: "a", prompt: .text("p"), maxNewTokens: 1)
        request.sampling = Sampling(temperature: 0.8, topK: 40, topP: 0.95, seed: 7, problem: "HumanEval/0", sample: 3)
        let json = try body(request, request.prompt)
        #expect(
            json["temperature"] as? Double == 0.8 && json["top_k"] as? Int == 40 && json["top_p"] as? Double == 0.95)
        let seed = try #require(json["seed"] as? Int)
        #expect((0..<(1 << 31)).contains(seed) && seed == request.sampling?.endpointSeed)
        var seeds: Set<Int> = []
        for sample in 0..<100 {
            seeds.insert(Sampling(temperature: 1, seed: 7, problem: "a", sample: sample).endpointSeed)
        }
        seeds.insert(Sampling(temperature: 1, seed: 8, problem: "a").endpointSeed)
        seeds.insert(Sampling(temperature: 1, seed: 7, problem: "b").endpointSeed)
        #expect(seeds.count == 102)
    }

    @Test func retriesWaitLongerAndLonger() {
        let policy = RetryPolicy(retries: 9)
        #expect((0..<9).map { policy.delay($0, jitter: 0) } == [0.5, 1, 2, 4, 8, 16, 30, 30, 30])
        #expect(policy.delay(9) == nil && policy.delay(0, jitter: 0.5) == 0.75)
        #expect(policy.delay(0, retryAfter: 12) == 12 && policy.delay(0, retryAfter: 601) == nil)
        let now = Date(timeIntervalSince1970: 784_111_777)
        #expect(RetryPolicy.seconds(retryAfter: " 3 ") == 3 && RetryPolicy.seconds(retryAfter: "-1") == nil)
        #expect(RetryPolicy.seconds(retryAfter: "Sun, 06 Nov 1994 08:49:47 GMT", now: now) == 10)
        #expect(RetryPolicy.seconds(retryAfter: "soon") == nil)
    }

    @Test func theLeastLoadedIsAsked() async throws {
        let pool = EndpointPool([try EndpointURL("http://a"), try EndpointURL("http://b")])
        let first = await pool.acquire().index
        let second = await pool.acquire().index
        #expect(first == 0 && second == 1)
        await pool.release(1)
        #expect(await pool.acquire().index == 1)
        // One that failed is left alone as long as another is there.
        await pool.release(0, avoid: 60)
        #expect(await pool.acquire().index == 1)
        #expect(await pool.sent == [1, 3])
    }

    private func answer(_ events: [String], stop: [String] = []) throws -> GenerationResult {
        var answer = AnswerAssembler(GenerationRequest(id: "a", prompt: .text("p"), maxNewTokens: 50, stop: stop))
        for (index, event) in events.enumerated() {
            if try answer.append(Array(event.utf8), at: Double(index + 1)) == .done { break }
        }
        return try answer.finished { _ in nil }.result
    }

    @Test func vLLMsChunks() throws {
        let result = try answer([
            #"{"choices":[{"text":"a","prompt_token_ids":[1,2],"token_ids":[5],"logprobs":{"tokens":["a"],"token_logprobs":[-0.5],"top_logprobs":[{"b":-1.25,"a":-0.5}]},"finish_reason":null,"stop_reason":null}],"usage":null}"#,
            #"{"choices":[{"text":"","token_ids":[0],"logprobs":null,"finish_reason":"stop","stop_reason":null}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":2,"completion_tokens":2}}"#, "[DONE]",
        ])
        #expect(result.text == "a" && result.tokens == [5, 0] && result.promptTokens == [1, 2])
        #expect(result.finishReason == .eos && result.usage == TokenUsage(promptTokens: 2, generatedTokens: 2))
        #expect(result.timing == SequenceTiming(timeToFirstToken: 1, interToken: [1]))
        #expect(result.steps.count == 1 && result.steps[0].logNormalizer == 0 && result.pieces == ["a"])
        #expect(result.steps[0].top.map(\.logit) == [-0.5, -1.25])
    }

    /// A role is no token; log probabilities name ids, which count only if they are all.
    @Test func llamaServersChunks() throws {
        let step =
            #""logprobs":{"content":[{"id":19,"token":"x","logprob":-0.1,"top_logprobs":[{"id":19,"token":"x","logprob":-0.1},{"id":4,"token":"y","logprob":-2.6}]}]}"#
        let events = [
            #"{"choices":[{"finish_reason":null,"delta":{"role":"assistant","content":null}}]}"#,
            #"{"choices":[{"finish_reason":null,"delta":{"content":"x"},\#(step)}]}"#,
            #"{"choices":[{"finish_reason":"length","delta":{}}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1}}"#, "[DONE]",
        ]
        let result = try answer(events)
        #expect(result.tokens == [19] && result.finishReason == .length && result.timing.timeToFirstToken == 2)
        #expect(
            result.steps[0].id == 19 && abs(result.steps[0].top[0].logit - result.steps[0].top[1].logit - 2.5) < 1e-5)
        let other = try answer(
            events.map { $0.replacingOccurrences(of: #""completion_tokens":1"#, with: #""completion_tokens":2"#) })
        #expect(other.tokens == [] && other.knownTokens == nil && other.usage?.generatedTokens == 2)
    }

    /// A server that does not know our stop strings writes on; the answer does not.
    @Test func stopStringsAreCutHereToo() throws {
        let events = ["one\n", "\ntwo", "three"].map {
            #"{"choices":[{"text":\#(String(reflecting: $0)),"finish_reason":null}]}"#
        }
        let endless = events + (0..<100).map { _ in events[2] }
        let result = try answer(endless, stop: ["\n\n"])
        #expect(result.text == "one" && result.finishReason == .stop && result.usage == nil)
        #expect(result.timing.interToken.count == 1)
    }

    @Test(arguments: [
        ([#"{"choices":[{"text":"a","finish_reason":null}]}"#], "broke the stream off"),
        ([#"{"choices":[{"text":"a","finish_reason":null}]}"#, "[DONE]"], "without saying why"),
        ([#"{"choices":[{"text":"a","finish_reason":"content_filter"}]}"#], "content_filter"),
        (["{\"choices\":[{\"text\":"], "no chunk"), (["<html>"], "no chunk"), ([#"{"choices":"many"}"#], "no chunk"),
        ([#"{"error":{"message":"out of memory"}}"#], "out of memory"), ([#"{"error":"busy"}"#], "busy"),
        ([#"{"object":"error","message":"too long"}"#], "too long"), (["[DONE]"], "without saying why"), ([], "broke"),
    ])
    func whatIsNoAnswerIsAFailure(events: [String], words: String) {
        let error = #expect(throws: EndpointError.self) { try answer(events) }
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        #"{"prompt_tokens":-1,"completion_tokens":1}"#, #"{"prompt_tokens":1,"completion_tokens":99999}"#,
        #"{"prompt_tokens":"two","completion_tokens":1}"#, "{}", "null",
    ])
    func countsThatCannotBeAreNone(usage: String) throws {
        let result = try answer([#"{"choices":[{"text":"a","finish_reason":"length"}],"usage":\#(usage)}"#, "[DONE]"])
        #expect(result.usage == nil && result.text == "a")
    }
}
