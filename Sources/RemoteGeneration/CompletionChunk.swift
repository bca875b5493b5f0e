import Foundation

/// One event of a streamed completion, of either kind, as servers send it; everything in it may be missing.
struct CompletionChunk: Decodable {
    var choices: [Choice]?
    var usage: Usage?
    var error: Complaint?
    /// SGLang and llama-server report a failure in the middle of a stream without the frame that OpenAI puts round it.
    var message: String?

    struct Choice: Decodable {
        var text: String?
        var delta: Delta?
        var finishReason: String?
        var stopReason: StopReason?
        var logprobs: Logprobs?
        var tokenIDs: [Int]?
        var promptTokenIDs: [Int]?

        enum CodingKeys: String, CodingKey {
            case text, delta, logprobs
            case finishReason = "finish_reason"
            case stopReason = "stop_reason"
            case tokenIDs = "token_ids"
            case promptTokenIDs = "prompt_token_ids"
        }
    }

    struct Delta: Decodable {
        var content: String?
        var reasoningContent: String?
        var reasoning: String?

        enum CodingKeys: String, CodingKey {
            case content, reasoning
            case reasoningContent = "reasoning_content"
        }
    }

    /// A count that is no number is none; the answer is worth no less for it.
    struct Usage: Decodable {
        var promptTokens: Int?
        var completionTokens: Int?

        enum CodingKeys: String, CodingKey {
            case promptTokens = "prompt_tokens"
            case completionTokens = "completion_tokens"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            promptTokens = try? values.decodeIfPresent(Int.self, forKey: .promptTokens)
            completionTokens = try? values.decodeIfPresent(Int.self, forKey: .completionTokens)
        }
    }

    /// vLLM's: the stop string, or the id of the stop token.
    enum StopReason: Decodable {
        case text(String)
        case token(Int)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let token = try? value.decode(Int.self) {
                self = .token(token)
            } else {
                self = .text(try value.decode(String.self))
            }
        }
    }

    /// Of `/v1/completions` (parallel arrays) or of chat (`content`, which llama-server sends for both).
    struct Logprobs: Decodable {
        var tokens: [String]?
        var tokenLogprobs: [Double?]?
        var topLogprobs: [[String: Double]?]?
        var content: [Entry]?

        enum CodingKeys: String, CodingKey {
            case tokens, content
            case tokenLogprobs = "token_logprobs"
            case topLogprobs = "top_logprobs"
        }

        struct Entry: Decodable {
            var token: String
            var id: Int?
            var logprob: Double
            var topLogprobs: [Alternative]?

            enum CodingKeys: String, CodingKey {
                case token, id, logprob
                case topLogprobs = "top_logprobs"
            }
        }

        struct Alternative: Decodable {
            var token: String
            var id: Int?
            var logprob: Double
        }
    }

    /// `{"error": {"message": …}}`, or `{"error": "…"}`.
    enum Complaint: Decodable {
        case text(String)

        private struct Body: Decodable { var message: String? }

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let text = try? value.decode(String.self) {
                self = .text(text)
            } else {
                self = .text((try? value.decode(Body.self).message) ?? "an error without a message")
            }
        }

        var message: String {
            switch self {
            case .text(let text): text
            }
        }
    }

    /// nil if it is no JSON of this shape.
    init?(_ event: [UInt8]) {
        guard let chunk = try? JSONDecoder().decode(CompletionChunk.self, from: Data(event)) else { return nil }
        self = chunk
    }

    /// What the body of a refusal says; its first characters where it is no JSON.
    static func complaint(in body: [UInt8]) -> String {
        struct Refusal: Decodable {
            var error: Complaint?
            var message: String?
            var detail: String?
        }
        let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(body))
        let text =
            refusal?.error?.message ?? refusal?.message ?? refusal?.detail ?? String(decoding: body, as: UTF8.self)
        return text.oneLine(400)
    }
}

extension CompletionChunk.Logprobs {
    /// A token with its log probability and the highest ones, highest first; an id is nil where the server names none.
    struct Step {
        var token: String
        var id: Int?
        var logprob: Double
        var top: [(token: String, id: Int?, logprob: Double)]
    }

    var steps: [Step] {
        if let content {
            return content.map { entry in
                Step(
                    token: entry.token, id: entry.id ?? Self.id(in: entry.token), logprob: entry.logprob,
                    top: (entry.topLogprobs ?? []).map { ($0.token, $0.id ?? Self.id(in: $0.token), $0.logprob) }
                        .sorted { $0.2 > $1.2 })
            }
        }
        return (tokens ?? []).enumerated().compactMap { index, token in
            guard let values = tokenLogprobs, values.indices.contains(index), let logprob = values[index] else {
                return nil
            }
            let top = topLogprobs.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? [:]
            return Step(
                token: token, id: Self.id(in: token), logprob: logprob,
                top: top.map { ($0.key, Self.id(in: $0.key), $0.value) }.sorted { ($1.2, $0.0) < ($0.2, $1.0) })
        }
    }

    /// vLLM's `return_tokens_as_token_ids` names tokens `token_id:5`.
    private static func id(in token: String) -> Int? {
        token.hasPrefix("token_id:") ? Int(token.dropFirst("token_id:".count)) : nil
    }
}

extension String {
    /// On one line, without control characters, shortened: for text that a server wrote.
    func oneLine(_ limit: Int) -> String {
        var line = ""
        for scalar in unicodeScalars {
            let visible = scalar.properties.generalCategory == .control ? " " : Character(scalar)
            if visible == " ", line.last == " " || line.isEmpty { continue }
            line.append(visible)
            if line.utf8.count > limit { return line + "…" }
        }
        return line
    }
}
