import Checkpoints
import Foundation
import Generation
import LocalGeneration
import Tensors
import TestSupport
import Testing

/// yuan2-nano out of the binary, against Tools/train-nano/goldens.py: PyTorch in fp32 on the exported weights.
struct EmbeddedModelTests {
    private struct Case: Decodable {
        let prompt: String
        let promptIds: [Int]
        let tokens: [Int]
    }

    private func golden() throws -> [Case] {
        struct File: Decodable { let cases: [Case] }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            File.self, from: Data(contentsOf: Fixtures.url("golden/yuan2_nano_greedy.json"))
        ).cases
    }

    private func generate(_ prompts: [String], dtype: DType) async throws -> [GenerationResult] {
        let source = try EmbeddedModel.withFolder { try ModelSource($0) }
        var settings = ModelSettings()
        settings.dtype = dtype
        let model = try LoadedModel(source, settings: settings, batchSize: 3)
        let requests = prompts.enumerated().map { index, prompt in
            GenerationRequest(id: "\(index)", prompt: .text(prompt), maxNewTokens: 64)
        }
        return try await model.generator.results(of: requests)
    }

    @Test func fp32ReproducesTheReference() async throws {
        let golden = try golden()
        #expect(golden.count >= 5)
        let results = try await generate(golden.map(\.prompt), dtype: .fp32)
        for (item, result) in zip(golden, results) {
            #expect(result.promptTokens == item.promptIds, "\(item.prompt)")
            #expect(result.tokens.prefix(item.tokens.count) == item.tokens[...], "\(item.prompt)")
            // Then the end: the reference stops before <eod>.
            #expect(item.tokens.count == 64 || result.tokens.count == item.tokens.count + 1, "\(item.prompt)")
        }
    }

    @Test(arguments: [DType.bf16, .fp16])
    func halfPrecisionStartsAsFP32Does(dtype: DType) async throws {
        let golden = try golden()
        let results = try await generate(golden.map(\.prompt), dtype: dtype)
        let same = zip(golden, results).filter { $0.tokens.first == $1.tokens.first }
        #expect(same.count * 2 > golden.count)
    }

    @Test func theFolderIsWholeAndGoesAway() throws {
        var seen: URL?
        let source = try EmbeddedModel.withFolder { folder in
            seen = folder
            #expect(folder.lastPathComponent == EmbeddedModel.name)
            return try ModelSource(folder)
        }
        let folder = try #require(seen)
        #expect(!FileManager.default.fileExists(atPath: folder.deletingLastPathComponent().path))
        #expect(source.checkpoint.configuration.architecture == "yuan")
        #expect(source.template != nil && source.tokenizer?.vocabularySize == 2048)
        #expect(source.defaultDType == .bf16)
        // The weights are still there to be read.
        #expect(try source.checkpoint.sha256().count == 64)
        #expect(EmbeddedModel.byteCount < 10_000_000)
    }

    /// What is embedded is what lies in Models/yuan2-nano.
    @Test func theBytesAreThoseOfTheRepository() throws {
        try EmbeddedModel.withFolder { folder in
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                let committed = Fixtures.repository.appendingPathComponent("Models/yuan2-nano/\(file)")
                #expect(
                    try Data(contentsOf: folder.appendingPathComponent(file)) == Data(contentsOf: committed), "\(file)")
            }
        }
    }
}
