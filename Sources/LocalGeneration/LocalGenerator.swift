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
    private let encoder: PromptEncoder
    private let engine: Engine

    /// - Parameters:
    ///   - endTokens: ids that end a sequence.
    ///   - batchSize: sequences that share a step, unless `sizeBatch` decides.
    package init(
        model: sending LanguageModel, tokenizer: (any Tokenizer)?, template: ChatTemplate?,
        templateVariables: [String: String], endTokens: Set<Int>, batchSize: Int,
        options: EngineOptions = EngineOptions()
    ) {
        self.tokenizer = tokenizer
        self.template = template
        encoder = PromptEncoder(tokenizer: tokenizer, template: template, templateVariables: templateVariables)
        engine = Engine(model, tokenizer: tokenizer, endTokens: endTokens, batchSize: batchSize, options: options)
    }

    package var statistics: GenerationStatistics {
        get async { await engine.currentStatistics }
    }

    /// Decides how many sequences share a step from what these requests can need and the memory that is free.
    ///
    /// - Parameter availableBytes: nil if unknown.
    package func sizeBatch(for requests: [GenerationRequest], availableBytes: Int?) async -> BatchSizing {
        // What cannot be encoded fails when it is generated, and needs no place. A cancelled run needs no size.
        let encoded = requests.lazy.prefix { _ in !Task.isCancelled }.compactMap { request in
            (try? self.encode(request.prompt)).map { (request: request, prompt: $0) }
        }
        return await engine.sizeBatch(Array(encoded), availableBytes: availableBytes)
    }

    package func generate(_ requests: [GenerationRequest]) -> AsyncThrowingStream<GenerationEvent, any Error> {
        AsyncThrowingStream { continuation in
            let work = Task {
                var encoded: [(request: GenerationRequest, prompt: [Int])] = []
                for request in requests {
                    if Task.isCancelled { return continuation.finish() }
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

    /// The token ids of a prompt; see `PromptEncoder`.
    package func encode(_ prompt: Prompt) throws -> [Int] { try encoder.encode(prompt) }

    /// The conversation as text, ready for the model's answer.
    package func render(_ messages: [ChatMessage], prefill: String = "") throws -> String {
        try encoder.render(messages, prefill: prefill)
    }
}
