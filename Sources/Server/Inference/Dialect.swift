import Generation

/// How completions and chats write the same events.
protocol Dialect: Sendable {
    associatedtype Choice: Encodable & Sendable
    associatedtype ChunkChoice: Encodable & Sendable

    /// `object` of a whole answer and of a part of a stream, and how their ids begin.
    static var names: (whole: String, chunk: String, id: String) { get }

    /// A finished answer.
    func choice(_ index: Int, _ result: GenerationResult, steps: [StepProbabilities]?) -> Choice
    /// What a stream says of each choice before its first text; nil for nothing.
    func opening(_ index: Int) -> ChunkChoice?
    /// A part of a streamed answer.
    /// - Parameter offset: characters of the answer before it; counted on.
    func part(
        _ index: Int, _ text: String, steps: [StepProbabilities]?, offset: inout Int, finish: FinishReason?
    ) -> ChunkChoice
}

struct CompletionDialect: Dialect {
    static let names = (whole: "text_completion", chunk: "text_completion", id: "cmpl-")

    let texts: TokenTexts
    /// What each choice begins with.
    let echoes: [String]

    func choice(_ index: Int, _ result: GenerationResult, steps: [StepProbabilities]?) -> CompletionChoice {
        var offset = echoes[index].unicodeScalars.count
        return CompletionChoice(
            index: index, text: echoes[index] + result.text,
            logprobs: steps.map { CompletionLogprobs($0, texts: texts, offset: &offset) },
            finishReason: result.finishReason.wireName)
    }

    func opening(_ index: Int) -> CompletionChoice? {
        echoes[index].isEmpty ? nil : CompletionChoice(index: index, text: echoes[index])
    }

    func part(
        _ index: Int, _ text: String, steps: [StepProbabilities]?, offset: inout Int, finish: FinishReason?
    ) -> CompletionChoice {
        CompletionChoice(
            index: index, text: text,
            logprobs: steps.map { CompletionLogprobs($0, texts: texts, offset: &offset) },
            finishReason: finish?.wireName)
    }
}

struct ChatDialect: Dialect {
    static let names = (whole: "chat.completion", chunk: "chat.completion.chunk", id: "chatcmpl-")

    let texts: TokenTexts

    func choice(_ index: Int, _ result: GenerationResult, steps: [StepProbabilities]?) -> ChatChoice {
        ChatChoice(
            index: index, message: ChatChoice.Message(role: "assistant", content: result.text),
            logprobs: steps.map { ChatLogprobs($0, texts: texts) }, finishReason: result.finishReason.wireName)
    }

    func opening(_ index: Int) -> ChatChunkChoice? {
        ChatChunkChoice(index: index, delta: ChatChunkChoice.Delta(role: "assistant", content: ""))
    }

    func part(
        _ index: Int, _ text: String, steps: [StepProbabilities]?, offset: inout Int, finish: FinishReason?
    ) -> ChatChunkChoice {
        ChatChunkChoice(
            index: index, delta: ChatChunkChoice.Delta(content: text.isEmpty ? nil : text),
            logprobs: steps.map { ChatLogprobs($0, texts: texts) }, finishReason: finish?.wireName)
    }
}
