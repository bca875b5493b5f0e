import Generation
import LanguageModels
import Tokenizers

/// Turns prompts into token ids with a model's own tokenizer and chat template; needs no weights.
package struct PromptEncoder: Sendable {
    private let tokenizer: (any Tokenizer)?
    private let template: ChatTemplate?
    private let templateVariables: [String: String]

    package init(tokenizer: (any Tokenizer)?, template: ChatTemplate?, templateVariables: [String: String]) {
        self.tokenizer = tokenizer
        self.template = template
        self.templateVariables = templateVariables
    }

    package init(_ source: ModelSource) {
        self.init(
            tokenizer: source.tokenizer, template: source.template, templateVariables: source.templateVariables)
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
