import Generation

/// Turns what a client asks for into requests for the generator, or says why that cannot be.
struct Planner: Sendable {
    let model: ServedModel
    let limits: ServerLimits

    /// Sequences of one HTTP request and what is told of them.
    struct Plan: Sendable {
        var requests: [GenerationRequest]
        /// Prompt tokens of every prompt once, as `usage` counts them.
        var promptTokens: Int
        /// What a completion with `echo` begins with, by choice.
        var echoes: [String]
        /// How many alternatives of each token are told; nil: no log probabilities.
        var logprobs: Int?
    }

    func plan(_ request: CompletionRequest) throws -> Plan {
        try checkModel(request.common.model)
        var plan = Plan(requests: [], promptTokens: 0, echoes: [], logprobs: request.logprobs)
        let seed = UInt64.random(in: .min ... .max)
        for (index, prompt) in request.prompts.enumerated() {
            let place = request.prompts.count == 1 ? "prompt" : "prompt[\(index)]"
            let ids = try encode(prompt, place)
            plan.promptTokens += ids.count
            let echo = request.echo ? try self.echo(prompt, ids) : ""
            for sample in 0..<request.common.choices {
                plan.requests.append(
                    generation(
                        plan.requests.count, ids, request.common, sample: sample, seed: seed,
                        maxTokens: request.maxTokens, logprobs: request.logprobs))
                plan.echoes.append(echo)
            }
        }
        return plan
    }

    func plan(_ request: ChatRequest) throws -> Plan {
        try checkModel(request.common.model)
        guard model.hasChatTemplate else {
            throw APIError.invalid(
                "messages", "\(model.name) has no chat template, so it cannot chat; use /v1/completions",
                code: "no_chat_template")
        }
        let ids = try encode(request.prompt, "messages")
        let seed = UInt64.random(in: .min ... .max)
        let requests = (0..<request.common.choices).map { sample in
            generation(
                sample, ids, request.common, sample: sample, seed: seed,
                maxTokens: request.maxTokens ?? model.contextTokens, logprobs: request.logprobs)
        }
        return Plan(requests: requests, promptTokens: ids.count, echoes: [], logprobs: request.logprobs)
    }

    private func checkModel(_ name: String?) throws(APIError) {
        guard let name, !model.answers(to: name) else { return }
        throw APIError(
            status: .notFound, message: "the model \"\(name.prefix(100))\" is not served here; \(model.name) is",
            type: "invalid_request_error", parameter: "model", code: "model_not_found")
    }

    private func encode(_ prompt: Prompt, _ place: String) throws(APIError) -> [Int] {
        let ids: [Int]
        do {
            ids = try model.encode(prompt)
        } catch {
            throw APIError.invalid(place, "\(place): \(error)")
        }
        let limit = min(limits.promptTokens ?? .max, model.contextTokens - 1)
        if ids.isEmpty { throw APIError.invalid(place, "\(place) has no tokens; give some text") }
        if ids.count > limit {
            throw APIError.invalid(
                place, "\(place) has \(ids.count) tokens, but at most \(limit) are allowed; shorten it",
                code: "context_length_exceeded")
        }
        return ids
    }

    private func echo(_ prompt: Prompt, _ ids: [Int]) throws(APIError) -> String {
        if case .text(let text) = prompt { return text }
        guard let decode = model.decode else {
            throw APIError.invalid("echo", "echo needs a tokenizer, which \(model.name) has not got")
        }
        return decode(ids)
    }

    private func generation(
        _ index: Int, _ ids: [Int], _ common: CommonFields, sample: Int, seed: UInt64, maxTokens: Int, logprobs: Int?
    ) -> GenerationRequest {
        GenerationRequest(
            id: "\(index)", prompt: .tokens(ids),
            // What goes beyond the context ends with finish_reason "length" there, as in a local run.
            maxNewTokens: min(maxTokens, model.contextTokens - ids.count), stop: common.stop,
            stopTokens: common.stopTokens, ignoreEOS: common.ignoreEOS,
            topLogits: logprobs.map { max(1, $0) } ?? 0, sampling: common.sampling(sample: sample, seed: seed))
    }
}
