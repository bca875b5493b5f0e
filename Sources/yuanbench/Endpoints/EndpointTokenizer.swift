import Foundation
import Generation
import LocalGeneration
import Tokenizers

/// A model's tokenizer and chat template without its weights.
struct EndpointTokenizer: Sendable {
    let tokenizer: any Tokenizer
    let encoder: PromptEncoder
    let hasTemplate: Bool

    /// - Parameter pathOrName: a folder with tokenizer files, or any model.
    init(_ pathOrName: String) throws {
        let folder = URL(fileURLWithPath: pathOrName)
        if TokenizerLoader.isPresent(in: folder) {
            tokenizer = try TokenizerLoader.load(folder: folder)
            let template = try ChatTemplate.load(folder: folder)
            hasTemplate = template != nil
            encoder = PromptEncoder(
                tokenizer: tokenizer, template: template,
                templateVariables: try ChatTemplate.variables(folder: folder))
            return
        }
        let source = try ModelArguments.open(pathOrName)
        guard let tokenizer = source.tokenizer else {
            throw Failure(Exit.badInput, "--tokenizer \(pathOrName): this model has no tokenizer; give one that has")
        }
        self.tokenizer = tokenizer
        hasTemplate = source.template != nil
        encoder = PromptEncoder(source)
    }

    /// Tokens of a prompt and of a generated text; nil where the prompt cannot be written here.
    ///
    /// The text does not show its end-of-sequence token, which is not counted.
    func count(_ prompt: Prompt, _ text: String) -> TokenUsage? {
        guard let ids = try? encoder.encode(prompt) else { return nil }
        return TokenUsage(promptTokens: ids.count, generatedTokens: tokenizer.encode(text).count)
    }
}
