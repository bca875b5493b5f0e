import Generation

/// What completions and chat have in common.
struct CommonFields: Sendable {
    var model: String?
    var stream: Bool
    var includeUsage: Bool
    var stop: [String]
    var stopTokens: [Int]
    var ignoreEOS: Bool
    /// Answers to each prompt.
    var choices: Int
    /// nil or 0: the highest logit.
    var temperature: Double
    var topP: Double?
    var topK: Int?
    /// nil: a random one.
    var seed: UInt64?

    init(_ fields: RequestFields, limits: ServerLimits) throws {
        try Unsupported.refuse(fields)
        model = try fields.text("model")
        stream = try fields.flag("stream")
        includeUsage = false
        if let options = try fields.value("stream_options", "an object", as: StreamOptions.self) {
            guard stream else {
                throw APIError.invalid("stream_options", "stream_options is only for requests with stream: true")
            }
            includeUsage = options.includeUsage
        }
        stop = try fields.value("stop", "a string or a list of strings", as: OneOrMore<String>.self)?.values ?? []
        if stop.count > limits.stopStrings {
            throw APIError.invalid("stop", "stop has \(stop.count) strings, expected at most \(limits.stopStrings)")
        }
        for (index, text) in stop.enumerated() where text.isEmpty || text.utf8.count > limits.stopBytes {
            throw APIError.invalid(
                "stop", "stop[\(index)] has \(text.utf8.count) bytes, expected 1 to \(limits.stopBytes)")
        }
        stopTokens = try fields.value("stop_token_ids", "a list of token ids", as: [Int].self) ?? []
        if stopTokens.count > limits.stopStrings {
            throw APIError.invalid(
                "stop_token_ids", "stop_token_ids has \(stopTokens.count) ids, expected at most \(limits.stopStrings)")
        }
        ignoreEOS = try fields.flag("ignore_eos")
        choices = try fields.integer("n", in: 1...limits.sequencesPerRequest) ?? 1
        temperature = try fields.number("temperature", "0 to 2", where: { (0...2).contains($0) }) ?? 0
        topP = try fields.number("top_p", "above 0 and at most 1", where: { $0 > 0 && $0 <= 1 })
        // 0 and -1 mean every token, as other servers have it.
        topK = try fields.integer("top_k", in: -1...Int(Int32.max)).flatMap { $0 < 1 ? nil : $0 }
        if fields.has("seed") {
            let signed = try? fields.value("seed", "", as: Int64.self)
            seed = try signed.map { UInt64(bitPattern: $0) } ?? fields.value("seed", "a whole number", as: UInt64.self)
        }
    }

    /// How the answer at an index is drawn; nil for greedy.
    /// - Parameter seed: what to draw by where the request names none.
    func sampling(sample: Int, seed otherwise: UInt64) -> Sampling? {
        guard temperature > 0 else { return nil }
        return Sampling(
            temperature: temperature, topK: topK, topP: topP, seed: seed ?? otherwise, problem: "", sample: sample)
    }

    private struct StreamOptions: Decodable {
        var includeUsage: Bool
        init(from decoder: any Decoder) throws {
            includeUsage = try RequestFields(decoder, within: "stream_options.").flag("include_usage")
        }
    }
}

/// A value or a list of values.
struct OneOrMore<Value: Decodable & Sendable>: Decodable, Sendable {
    var values: [Value]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let one = try? container.decode(Value.self) {
            values = [one]
        } else {
            values = try container.decode([Value].self)
        }
    }
}

/// Fields of the protocol that would change the answer and that this engine does not offer: refused with a 400 that names the
/// field, unless they ask for nothing.
enum Unsupported {
    static func refuse(_ fields: RequestFields) throws {
        for (name, neutral) in [
            ("frequency_penalty", 0.0), ("presence_penalty", 0), ("repetition_penalty", 1), ("min_p", 0),
            ("length_penalty", 1), ("best_of", 1),
        ] where fields.has(name) {
            let value = try fields.value(name, "a number", as: Double.self)
            if value != neutral { throw refusal(fields, name, "leave it out or give \(neutral)") }
        }
        for name in [
            "suffix", "response_format", "tools", "tool_choice", "functions", "function_call", "logit_bias",
            "audio", "modalities", "prediction", "guided_json", "guided_regex", "guided_choice", "guided_grammar",
            "use_beam_search", "prompt_logprobs", "min_tokens", "bad_words", "allowed_token_ids",
        ]
        where fields.has(name) && !isNeutral(fields, name) {
            throw refusal(fields, name, "leave it out")
        }
    }

    private static func refusal(_ fields: RequestFields, _ name: String, _ mend: String) -> APIError {
        .invalid(fields.place(name), "\(fields.place(name)) is not supported; \(mend)", code: "unsupported_parameter")
    }

    /// Values that clients send by default and that ask for nothing.
    private static func isNeutral(_ fields: RequestFields, _ name: String) -> Bool {
        if let text = try? fields.value(name, "", as: String.self) { return ["", "none", "auto"].contains(text) }
        if let flag = try? fields.value(name, "", as: Bool.self) { return !flag }
        if let number = try? fields.value(name, "", as: Double.self) { return number == 0 }
        if let list = try? fields.value(name, "", as: [Anything].self) {
            return list.isEmpty || name == "modalities" && (try? fields.value(name, "", as: [String].self)) == ["text"]
        }
        if let object = try? fields.value(name, "", as: [String: Anything].self) {
            return object.isEmpty || name == "response_format" && object["type"]?.text == "text"
        }
        return false
    }

    private struct Anything: Decodable {
        var text: String?
        init(from decoder: any Decoder) throws {
            text = try? decoder.singleValueContainer().decode(String.self)
        }
    }
}
