import Checkpoints
import Foundation
import Generation
import LanguageModels
import Tensors
import Tokenizers

/// The local engine as a `Generator`: tokenises prompts, applies the model's chat template, and streams results.
package final class LocalGenerator: Generator {
    package let tokenizer: (any Tokenizer)?
    package let template: ChatTemplate?
    private let templateVariables: [String: String]
    private let engine: Engine

    /// - Parameters:
    ///   - endTokens: ids that end a sequence.
    ///   - batchSize: sequences that share a step.
    package init(
        model: sending LanguageModel, tokenizer: (any Tokenizer)?, template: ChatTemplate?,
        templateVariables: [String: String], endTokens: Set<Int>, batchSize: Int
    ) {
        self.tokenizer = tokenizer
        self.template = template
        self.templateVariables = templateVariables
        engine = Engine(model, tokenizer: tokenizer, endTokens: endTokens, batchSize: batchSize)
    }

    package var statistics: GenerationStatistics {
        get async { await engine.statistics }
    }

    package func generate(_ requests: [GenerationRequest]) -> AsyncThrowingStream<GenerationEvent, any Error> {
        AsyncThrowingStream { continuation in
            let work = Task {
                var encoded: [(request: GenerationRequest, prompt: [Int])] = []
                for request in requests {
                    do {
                        encoded.append((request, try encode(request.prompt)))
                    } catch {
                        continuation.yield(.failed(id: request.id, reason: "\(error)"))
                    }
                }
                await engine.run(encoded) { continuation.yield($0) }
                continuation.finish()
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }

    /// The token ids of a prompt.
    ///
    /// Raw text gets the tokenizer's begin-of-sequence token where the tokenizer asks for one; a rendered chat does
    /// not, since templates write it themselves.
    package func encode(_ prompt: Prompt) throws -> [Int] {
        if case .tokens(let ids) = prompt { return ids }
        guard let tokenizer else {
            throw ModelError("the model has no tokenizer, so only token ids can be its prompt (--prompt-ids)")
        }
        switch prompt {
        case .tokens(let ids): return ids
        case .text(let text):
            let ids = tokenizer.encode(text)
            guard tokenizer.addsBOS, let bos = tokenizer.bosTokenID, ids.first != bos else { return ids }
            return [bos] + ids
        case .chat(let messages, let prefill):
            return tokenizer.encode(try render(messages, prefill: prefill))
        }
    }

    /// The conversation as text, ready for the model's answer.
    package func render(_ messages: [ChatMessage], prefill: String = "") throws -> String {
        guard let template else {
            throw ModelError("the model has no chat template; use --prompt completion")
        }
        return try template.render(
            messages: messages.map { (role: $0.role.rawValue, content: $0.content) }, addGenerationPrompt: true,
            variables: templateVariables) + prefill
    }
}
