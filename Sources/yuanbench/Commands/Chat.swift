import ArgumentParser
import Foundation
import Generation
import LocalGeneration
import Tensors

struct Chat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Talks with a model in the terminal, over several turns.",
        discussion: """
            Turns are joined by the model's own chat template (Yuan2: <n> between turns, <sep> at the end). Lines \
            read from a pipe are turns too. /new starts over, /quit or Ctrl-D ends.

            Example:
              yuanbench chat --model smollm2-135m-instruct
            """)

    @OptionGroup var modelArguments: ModelArguments

    @Option(name: .long, help: "Arithmetic: fp32, bf16 or fp16 (default: the checkpoint's own).")
    var dtype: DType?

    @Option(name: .long, help: "A system message that opens the conversation.")
    var system: String?

    @Option(name: .long, help: "Tokens at most, all turns included.")
    var maxLength = 1024

    @OptionGroup var samplingArguments: SamplingArguments

    mutating func validate() throws {
        if maxLength < 2 { throw ValidationError("--max-length is \(maxLength), expected at least 2.") }
    }

    func run() async throws {
        let model = try LoadedModel(
            modelArguments.open(), settings: modelArguments.settings(dtype: dtype), batchSize: 1)
        guard model.generator.template != nil else {
            throw Failure(
                Exit.badInput,
                "\(modelArguments.model): has no chat template (tokenizer_config.json: chat_template); "
                    + "use 'generate' for plain continuation")
        }
        let interactive = isatty(STDIN_FILENO) == 1
        let opening = system.map { [ChatMessage(role: .system, content: $0)] } ?? []
        var conversation = opening
        Talk.say("\(model.dtype.rawValue), \(model.backend.threads) threads; /new starts over, /quit ends")
        while true {
            if interactive { Talk.write("\n> ") }
            guard let line = readLine() else { break }
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.isEmpty { continue }
            if text == "/quit" { break }
            if text == "/new" {
                conversation = opening
                continue
            }
            conversation.append(ChatMessage(role: .user, content: text))
            guard let answer = try await turn(conversation, model) else {
                conversation.removeLast()
                continue
            }
            conversation.append(ChatMessage(role: .assistant, content: answer))
        }
    }

    /// Streams one answer to stdout; nil when the conversation has outgrown the context.
    private func turn(_ conversation: [ChatMessage], _ model: LoadedModel) async throws -> String? {
        let prompt = try model.generator.encode(.chat(conversation, prefill: ""))
        let room = maxLength - prompt.count
        guard room > 0 else {
            Talk.say(
                "the conversation has \(prompt.count) tokens, --max-length is \(maxLength): say /new to start over")
            return nil
        }
        let request = GenerationRequest(
            id: "", prompt: .tokens(prompt), maxNewTokens: room,
            // Another turn draws other numbers.
            sampling: samplingArguments.sampling(problem: "turn \(conversation.count)"))
        var answer: String?
        for try await event in model.generator.generate([request]) {
            switch event {
            case .text(_, let delta, _): try Output.write(delta)
            case .finished(let result):
                answer = result.text
                try Output.write("\n")
                let gaps = result.timing.interToken
                if !gaps.isEmpty {
                    let rate = Double(gaps.count) / gaps.reduce(0, +)
                    Talk.say("[\(result.tokens.count) tokens, \(String(format: "%.1f", rate)) tokens/s]")
                }
            case .failed(_, let reason): Talk.say(reason)
            }
        }
        try Task.checkCancellation()
        return answer
    }
}
