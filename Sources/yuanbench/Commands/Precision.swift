import ArgumentParser
import Foundation
import LocalGeneration
import Precision
import RunRecords
import Tensors

struct Precision: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares dtypes on a problem set: which answers change, at which token, by what margin.",
        discussion: """
            Evaluates in the reference dtype and in each of --dtype (default: bf16,fp16), one after the other, then \
            takes every dtype along the reference's tokens and compares logits and hidden states. Takes eval's options.

            A model without a tokenizer is given token ids instead of problems: --prompt-ids or --random-prompts.

            Example:
              yuanbench precision --model smollm2-135m-instruct --limit 20
              yuanbench precision --model ./checkpoint --random-prompts 4x64 --max-new-tokens 32
              yuanbench precision --endpoint bf16=http://gpu:8000 --endpoint fp16=http://gpu:8001 --dataset humaneval
            """)

    @Option(name: .long, help: "The dtype that the others are held against.")
    var reference: DType = .fp32

    @Option(
        name: .long, help: ArgumentHelp("A prompt as token ids; nothing is scored (repeatable).", valueName: "5,17,…"))
    var promptIds: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Prompts of random token ids, always the same; nothing is scored.", valueName: "countxlength"))
    var randomPrompts: String?

    @OptionGroup var eval: Eval

    mutating func validate() throws {
        if !eval.samplingArguments.isGreedy {
            throw ValidationError("precision follows greedy answers token by token; leave out --temperature.")
        }
        if let randomPrompts, Self.shape(randomPrompts) == nil {
            throw ValidationError("--random-prompts is \"\(randomPrompts)\", expected COUNTxLENGTH such as 4x64.")
        }
    }

    func run() async throws {
        if eval.endpointArguments.areGiven {
            return try await EndpointEvaluation(eval: eval, isPrecision: true).run()
        }
        let dtypes = [reference] + (try eval.dtypes() ?? [.bf16, .fp16]).filter { $0 != reference }
        guard dtypes.count > 1 else {
            throw Failure(Exit.usage, "--dtype names the reference alone; name a dtype to compare with it")
        }
        if promptIds.isEmpty && randomPrompts == nil { return try await eval.run(dtypes: dtypes, extent: .full) }
        try await TokenPromptStudy(eval: eval, dtypes: dtypes, prompts: prompts()).run()
    }

    private func prompts() throws -> [[Int]] {
        var prompts = try promptIds.map { text in
            try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
                guard let id = Int(part.trimmingCharacters(in: .whitespaces)), id >= 0 else {
                    throw Failure(
                        Exit.usage, "--prompt-ids: \"\(part)\" is not a token id; expected numbers like 5,17,42")
                }
                return id
            }
        }
        if let (count, length) = randomPrompts.flatMap(Self.shape) {
            let vocabulary = try eval.modelArguments.open().checkpoint.configuration.vocabularySize
            var state: UInt64 = 0x5975_616E
            prompts += (0..<count).map { _ in
                (0..<length).map { _ in
                    // Knuth's 64-bit linear congruential generator; its upper bits are the good ones.
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return Int((state >> 33) % UInt64(max(1, vocabulary)))
                }
            }
        }
        return prompts
    }

    private static func shape(_ text: String) -> (count: Int, length: Int)? {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let count = parts[0], let length = parts[1], (1...10_000).contains(count),
            (1...100_000).contains(length)
        else { return nil }
        return (count, length)
    }
}
