import Foundation
import Generation

/// Fields of a request that not every server knows. One that a server refuses by name is left out from then on, and the
/// report says so.
enum OptionalField: String, CaseIterable, Sendable {
    case streamOptions = "stream_options"
    case repetitionPenalty = "repetition_penalty"
    case returnTokenIDs = "return_token_ids"
    case ignoreEOS = "ignore_eos"
    // Before `logprobs`, which is part of its name.
    case topLogprobs = "top_logprobs"
    case logprobs

    /// What is lost without it; nil if nothing is.
    var loss: String? {
        switch self {
        case .streamOptions: "token counts of the server"
        case .repetitionPenalty, .returnTokenIDs: nil
        case .ignoreEOS: "answers of a fixed length: they end where the model ends them"
        case .logprobs, .topLogprobs: "log probabilities, and with them margins"
        }
    }
}

/// The body of a request to `/v1/completions` or `/v1/chat/completions`.
struct CompletionBody: Encodable {
    /// Which of the two it goes to.
    enum Route: String, Sendable {
        case completions = "/v1/completions"
        case chat = "/v1/chat/completions"
    }

    let route: Route
    private let request: GenerationRequest
    private let prompt: Prompt
    private let model: String
    private let dropped: Set<OptionalField>

    /// - Parameters:
    ///   - prompt: the request's, or what it was rendered to.
    ///   - dropped: optional fields that the server does not know.
    init(_ request: GenerationRequest, prompt: Prompt, model: String, dropped: Set<OptionalField>) {
        self.request = request
        self.prompt = prompt
        self.model = model
        self.dropped = dropped
        if case .chat = prompt { route = .chat } else { route = .completions }
    }

    private struct Writer {
        var container: KeyedEncodingContainer<Key>
        var dropped: Set<OptionalField>

        mutating func put(_ name: String, _ value: some Encodable) throws {
            try container.encode(value, forKey: Key(stringValue: name))
        }

        mutating func put(_ field: OptionalField, _ value: some Encodable) throws {
            if !dropped.contains(field) { try put(field.rawValue, value) }
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        var body = Writer(container: encoder.container(keyedBy: Key.self), dropped: dropped)
        try body.put("model", model)
        switch prompt {
        case .text(let text): try body.put("prompt", text)
        case .tokens(let ids): try body.put("prompt", ids)
        case .chat(let messages, let prefill):
            let opening = prefill.isEmpty ? [] : [ChatMessage(role: .assistant, content: prefill)]
            try body.put("messages", messages + opening)
            if !prefill.isEmpty {
                // vLLM and SGLang close the answer and open another one unless told; llama-server goes on by itself.
                try body.put("continue_final_message", true)
                try body.put("add_generation_prompt", false)
            }
        }
        try body.put("max_tokens", request.maxNewTokens)
        try body.put("stream", true)
        try body.put(.streamOptions, ["include_usage": true])
        if !request.stop.isEmpty { try body.put("stop", request.stop) }
        if !request.stopTokens.isEmpty { try body.put("stop_token_ids", request.stopTokens) }
        if request.ignoreEOS { try body.put(.ignoreEOS, true) }
        try putSampling(into: &body)
        // Otherwise some servers take a model's own default, such as 1.1.
        try body.put(.repetitionPenalty, 1.0)
        try body.put(.returnTokenIDs, true)
        guard request.topLogits > 0 else { return }
        switch route {
        case .completions: try body.put(.logprobs, request.topLogits)
        case .chat:
            try body.put(.logprobs, true)
            try body.put(.topLogprobs, request.topLogits)
        }
    }

    private func putSampling(into body: inout Writer) throws {
        guard let sampling = request.sampling else {
            try body.put("temperature", 0.0)
            return try body.put("top_p", 1.0)
        }
        try body.put("temperature", sampling.temperature)
        try body.put("top_p", sampling.topP ?? 1)
        // "All" is 0 to one server and -1 to another: where nothing was asked, nothing is said.
        if let topK = sampling.topK { try body.put("top_k", topK) }
        try body.put("seed", sampling.endpointSeed)
    }
}

extension Sampling {
    /// One number from 0 to 2³¹ − 1 (what every server accepts) of seed, problem and sample: FNV-1a over
    /// `seed/sample/problem`, folded.
    var endpointSeed: Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(seed)/\(sample)/\(problem)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return Int((hash ^ hash >> 32) & 0x7fff_ffff)
    }
}
