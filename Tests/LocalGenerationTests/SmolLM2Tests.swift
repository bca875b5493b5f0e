import Foundation
import Generation
import LocalGeneration
import Tensors
import TestSupport
import Testing

/// The real small model, where it can be had: `YUANBENCH_SMOLLM2` is the path of its GGUF.
@Suite(.enabled(if: SmolLM2.path != nil, "set YUANBENCH_SMOLLM2 to SmolLM2-135M-Instruct.Q4_1.gguf to run these"))
struct SmolLM2Tests {
    @Test func fp32ReproducesTheReferenceContinuations() async throws {
        let golden = try SmolLM2.golden()
        let results = try await SmolLM2.generate(golden.map(\.prompt), dtype: .fp32, batchSize: 16)
        for (item, result) in zip(golden, results) {
            #expect(result.promptTokens == item.promptIds)
            #expect(result.tokens == item.generatedIds, "\(item.prompt.prefix(40))")
            #expect(result.steps.first?.top.map(\.id) == item.top5FirstSteps[0].map { Int($0[0]) })
        }
    }

    @Test(arguments: DType.allCases)
    func tokensDoNotDependOnTheBatch(dtype: DType) async throws {
        let prompts = try SmolLM2.golden().map(\.prompt)
        let alone = try await SmolLM2.generate(prompts, dtype: dtype, batchSize: 1)
        for batchSize in [3, 16] {
            let together = try await SmolLM2.generate(prompts, dtype: dtype, batchSize: batchSize)
            #expect(together.map(\.tokens) == alone.map(\.tokens), "batch \(batchSize)")
            #expect(together.map(\.text) == alone.map(\.text))
        }
    }
}

enum SmolLM2 {
    struct Item: Decodable {
        let prompt: String
        let promptIds: [Int]
        let generatedIds: [Int]
        /// `[step][rank]` of `[id, logit]`.
        let top5FirstSteps: [[[Double]]]
    }

    static let path = ProcessInfo.processInfo.environment["YUANBENCH_SMOLLM2"]

    static func golden() throws -> [Item] {
        struct File: Decodable { let items: [Item] }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            File.self, from: Data(contentsOf: Fixtures.url("golden/smollm2_greedy.json"))
        ).items
    }

    static func generate(_ prompts: [String], dtype: DType, batchSize: Int) async throws -> [GenerationResult] {
        let source = try ModelSource(URL(fileURLWithPath: try #require(path)))
        var settings = ModelSettings()
        settings.dtype = dtype
        let model = try LoadedModel(source, settings: settings, batchSize: batchSize)
        let requests = prompts.enumerated().map { index, prompt in
            GenerationRequest(id: "\(index)", prompt: .text(prompt), maxNewTokens: 48, topLogits: 5)
        }
        return try await model.generator.results(of: requests)
    }
}

extension LocalGenerator {
    /// The results of all requests, in their order; a request that failed is an issue.
    func results(of requests: [GenerationRequest]) async throws -> [GenerationResult] {
        var results: [String: GenerationResult] = [:]
        for try await event in generate(requests) {
            switch event {
            case .finished(let result): results[result.id] = result
            case .failed(let id, let reason): Issue.record("\(id): \(reason)")
            case .text: break
            }
        }
        return requests.compactMap { results[$0.id] }
    }
}
