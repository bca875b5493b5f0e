import Evaluation
import Generation
import Performance
import RemoteGeneration
import RunRecords

/// Where the prompts of a load come from; no prompt is given twice, so that no server finds one in its cache.
struct ServingPrompts {
    let seed: Int
    let problems: EvaluationPlan?
    let tokenizer: EndpointTokenizer?
    let generator: RemoteGenerator
    private(set) var warnings: [BenchmarkWarning] = []
    private var used = 0
    /// Words and tokens of two prompts, as the server counted them.
    private var isCalibrated = false
    private var counted: ((words: Int, tokens: Int), (words: Int, tokens: Int))?

    init(seed: Int, problems: EvaluationPlan?, tokenizer: EndpointTokenizer?, generator: RemoteGenerator) {
        self.seed = seed
        self.problems = problems
        self.tokenizer = tokenizer
        self.generator = generator
    }

    var name: String { problems?.dataset.declaration.name ?? "synthetic" }
    var isChat: Bool { problems?.isChat ?? false }
    /// What is sent where nothing renders it.
    var kind: String { problems == nil ? (tokenizer == nil ? "text" : "token ids") : isChat ? "messages" : "text" }
    /// Synthetic prompts have no answer to end.
    var ignoresEOS: Bool { problems == nil }

    /// The next requests.
    /// - Parameters:
    ///   - prompt: tokens of each; nil for those of a data set, which repeats where it has fewer.
    ///   - new: new tokens of each at most.
    mutating func next(_ count: Int, prompt: Int?, new: Int) async throws -> [GenerationRequest] {
        guard count > 0 else { return [] }
        defer { used += count }
        if let problems {
            let tasks = problems.tasks
            return (used..<used + count).map { index in
                var request = tasks[index % tasks.count].request
                request.id = "\(index)"
                request.maxNewTokens = new
                return request
            }
        }
        let length = prompt ?? 128
        if tokenizer == nil, !isCalibrated { try await calibrate() }
        return (used..<used + count).map { index in
            GenerationRequest(
                id: "\(index)", prompt: synthetic(length, index), maxNewTokens: new, ignoreEOS: true)
        }
    }

    private func synthetic(_ length: Int, _ index: Int) -> Prompt {
        if let tokenizer {
            let special = Set(tokenizer.tokenizer.specialTokens.values).union(tokenizer.tokenizer.eosTokenIDs)
            return .tokens(
                SyntheticPrompts.tokens(
                    count: length, index: index, seed: seed, vocabulary: tokenizer.tokenizer.vocabularySize,
                    special: special))
        }
        let words = counted.map { SyntheticPrompts.words(forTokens: length, counted: $0) } ?? length
        return .text(SyntheticPrompts.text(words: words, index: index, seed: seed))
    }

    /// Asks the server how many tokens two texts have, by one new token each.
    private mutating func calibrate() async throws {
        isCalibrated = true
        var found: [(words: Int, tokens: Int)] = []
        for words in [32, 160] {
            let request = GenerationRequest(
                id: "\(words)", prompt: .text(SyntheticPrompts.text(words: words, index: -words, seed: seed)),
                maxNewTokens: 1, ignoreEOS: true)
            for try await event in generator.generate([request]) {
                switch event {
                case .text: break
                case .finished(let result): if let usage = result.usage { found.append((words, usage.promptTokens)) }
                case .failed(_, let reason): throw Failure(Exit.missing, reason)
                }
            }
        }
        try Task.checkCancellation()
        if found.count == 2 {
            counted = (found[0], found[1])
        } else {
            warnings.append(
                BenchmarkWarning(
                    cause: "nobody counts tokens, so a word of a synthetic prompt was taken for one",
                    remedy: "give --tokenizer, the model's own"))
        }
    }
}
