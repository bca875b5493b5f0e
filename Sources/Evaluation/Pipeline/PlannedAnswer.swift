import Generation

/// One answer that a plan asks a generator for.
package struct PlannedAnswer: Sendable {
    package let task: EvaluationTask
    /// Index among the answers to the same problem.
    package let sample: Int
    /// The request; its id is the problem's, with the sample's index behind a separator from the second on.
    package let request: GenerationRequest
}

extension EvaluationPlan {
    /// Every answer, the samples of a problem together, problems in the data set's order.
    package var answers: [PlannedAnswer] {
        tasks.flatMap { task in
            (0..<(sampling?.samples ?? 1)).map { sample in
                var request = task.request
                // A unit separator, which no problem's name has in it.
                if sample > 0 { request.id += "\u{1F}\(sample)" }
                request.sampling = sampling.map {
                    Sampling(
                        temperature: $0.temperature, topK: $0.topK, topP: $0.topP, seed: $0.seed,
                        problem: task.problem.id, sample: sample)
                }
                return PlannedAnswer(task: task, sample: sample, request: request)
            }
        }
    }

    /// `settings.decoding` of the report.
    package var decoding: String { sampling?.words ?? "greedy" }
}

extension EvaluationTask {
    /// The task as a generator takes it; its id is the problem's.
    package var request: GenerationRequest {
        GenerationRequest(id: problem.id, prompt: prompt.prompt, maxNewTokens: maxNewTokens, stop: stop)
    }
}

extension PromptText {
    /// The words put to the model, without the marks of a chat template.
    var readable: String {
        switch self {
        case .text(let text): text
        case .chat(let system, let user, let prefill):
            [system ?? "", user, prefill].filter { !$0.isEmpty }.joined(separator: "\n\n")
        }
    }

    package var prompt: Prompt {
        switch self {
        case .text(let text): return .text(text)
        case .chat(let system, let user, let prefill):
            let opening = system.map { [ChatMessage(role: .system, content: $0)] } ?? []
            return .chat(opening + [ChatMessage(role: .user, content: user)], prefill: prefill)
        }
    }
}
