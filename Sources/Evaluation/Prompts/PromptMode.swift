/// What `--prompt` may say.
package enum PromptMode: String, Sendable, CaseIterable {
    case auto, completion, chat, yuan

    /// Settles `auto`: the data set's style, else chat if the model has a chat template, else completion. A set that prefers
    /// chat is put as a completion to a model that cannot chat.
    package func resolved(for declaration: DatasetDeclaration, modelHasChatTemplate: Bool) -> ResolvedPromptMode {
        switch self {
        case .completion: .style(.completion)
        case .chat: .style(.chat)
        case .yuan: .yuan
        case .auto:
            if declaration.prompt.style == .completion || !modelHasChatTemplate {
                .style(.completion)
            } else {
                .style(.chat)
            }
        }
    }
}

/// A prompt mode with nothing left open.
package enum ResolvedPromptMode: Sendable, Equatable {
    case style(PromptStyle)
    /// Yuan's own HumanEval protocol.
    case yuan

    /// As `settings.prompt` of a report has it.
    package var name: String {
        switch self {
        case .style(let style): style.rawValue
        case .yuan: "yuan"
        }
    }
}
