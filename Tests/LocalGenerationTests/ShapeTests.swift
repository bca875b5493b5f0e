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

    /// For measuring: every decode step has the whole batch, though the prompts need several steps of their own.
    @Test func promptsMayGoFirst() async throws {
        let shape = try #require(try ModelShape.named("shape:llama-tiny"))
        let requests = (0..<8).map { index in
            let ids = (0..<200).map { ($0 * 7 + index * 31) % 500 }
            return GenerationRequest(id: "\(index)", prompt: .tokens(ids), maxNewTokens: 6, ignoreEOS: true)
        }
        var tokens: [[[Int]]] = []
        for isFirst in [true, false] {
            var settings = ModelSettings()
            settings.engine.prefillFirst = isFirst
            settings.engine.speculation = false
            let model = try LoadedModel(try ModelSource(ShapeCheckpoint(shape)), settings: settings, batchSize: 8)
            tokens.append(try await model.generator.results(of: requests).map(\.tokens))
            let steps = await model.generator.statistics.decodeSteps
            #expect(isFirst ? steps == 5 : steps > 5)
        }
        #expect(tokens[0] == tokens[1])
    }
}
