import Checkpoints
import Generation
import LocalGeneration
import TestSupport
import Testing

/// Models that have no file.
struct ShapeTests {
    @Test(arguments: ["yuan2-tiny", "llama-tiny", "qwen2-tiny"])
    func shapesGenerate(name: String) async throws {
        let shape = try #require(try ModelShape.named("shape:" + name))
        let source = try ModelSource(ShapeCheckpoint(shape))
        #expect(source.defaultDType == .bf16)
        let model = try LoadedModel(source, settings: ModelSettings(), batchSize: 2)
        #expect(model.changedWeights == 0, "the weights are bf16 values")
        let requests = ["", "b"].map {
            GenerationRequest(id: $0, prompt: .text("def f" + $0), maxNewTokens: 8, ignoreEOS: true)
        }
        let results = try await model.generator.results(of: requests)
        #expect(results[0].promptTokens == Array("def f".utf8).map(Int.init))
        #expect(results.allSatisfy { $0.tokens.count == 8 })
        #expect(await model.generator.statistics.nonFiniteLogits == 0)
        let again = try LoadedModel(source, settings: ModelSettings(), batchSize: 1)
        #expect(try await again.generator.results(of: requests).map(\.tokens) == results.map(\.tokens))
    }
}
