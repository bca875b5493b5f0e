import Generation

/// The body of `POST /v1/chat/completions`.
struct ChatRequest: WireRequest {
    var common: CommonFields
    var prompt: Prompt
    /// nil: as many as the context has room for.
    var maxTokens: Int?
    /// How many alternatives of each token are told; nil: no log probabilities at all.
    var logprobs: Int?

    init(_ fields: RequestFields, limits: ServerLimits) throws {
        common = try CommonFields(fields, limits: limits)
        guard let list = try fields.value("messages", "a list of messages", as: MessageList.self) else {
            throw APIError.invalid("messages", "messages is missing; give a list of {role, content}")
        }
        var messages = list.messages
        var prefill = ""
        if try fields.flag("continue_final_message") {
            guard messages.last?.role == .assistant, messages.count > 1 else {
                throw APIError.invalid(
                    "continue_final_message",
                    "continue_final_message needs a last message of role assistant, which the answer goes on from")
            }
            prefill = messages.removeLast().content
        }
        prompt = .chat(messages, prefill: prefill)
        let asked = try fields.integer("max_tokens", in: 1...Int.max)
        maxTokens = try fields.integer("max_completion_tokens", in: 1...Int.max) ?? asked
        let alternatives = try fields.integer("top_logprobs", in: 0...20)
        let wanted = try fields.flag("logprobs")
        if alternatives != nil && !wanted {
            throw APIError.invalid("top_logprobs", "top_logprobs needs logprobs: true")
        }
        logprobs = wanted ? alternatives ?? 0 : nil
    }
}

/// The conversation. Contents are strings, or lists of text parts, which are joined.
private struct MessageList: Decodable {
    var messages: [ChatMessage] = []

    init(from decoder: any Decoder) throws {
        var container: any UnkeyedDecodingContainer
        do {
            container = try decoder.unkeyedContainer()
        } catch {
            throw APIError.invalid("messages", "messages is not a list")
        }
        while !container.isAtEnd {
            let place = "messages[\(messages.count)]."
            messages.append(try Message(container.superDecoder(), place).message)
        }
        if messages.isEmpty { throw APIError.invalid("messages", "messages is empty; give at least one") }
    }

    private struct Message {
        var message: ChatMessage

        init(_ decoder: any Decoder, _ place: String) throws {
            let fields = try RequestFields(decoder, within: place)
            guard let role = try fields.text("role") else {
                throw APIError.invalid(fields.place("role"), "\(fields.place("role")) is missing")
            }
            // What newer clients call the system's words.
            guard let known = ChatMessage.Role(rawValue: role == "developer" ? "system" : role) else {
                throw APIError.invalid(
                    fields.place("role"),
                    "\(fields.place("role")) is \"\(role.prefix(40))\", expected system, user or assistant")
            }
            let expected = "a string or a list of {type: \"text\", text} parts"
            guard let content = try fields.value("content", expected, as: Content.self) else {
                throw APIError.invalid(
                    fields.place("content"), "\(fields.place("content")) is missing; give \(expected)")
            }
            message = ChatMessage(role: known, content: content.text)
        }
    }

    private struct Content: Decodable {
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self.text = text
            } else {
                text = try container.decode([Part].self).map(\.text).joined()
            }
        }
    }

    private struct Part: Decodable {
        var text: String

        private enum CodingKeys: String, CodingKey { case type, text }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let type = try container.decode(String.self, forKey: .type)
            guard type == "text" else {
                throw APIError.invalid(
                    "messages", "a part of type \"\(type.prefix(40))\" is not supported: this model reads text alone",
                    code: "unsupported_parameter")
            }
            text = try container.decode(String.self, forKey: .text)
        }
    }
}
