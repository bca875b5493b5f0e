import Checkpoints
import Foundation
import Generation
import LanguageModels
import LocalGeneration
import Tensors
import TestSupport
import Testing

/// The engine on the tiny models: batches, stops, limits, refusals, cancellation.
struct EngineTests {
    private func model(
        _ folder: String = "yuan-tiny", dtype: DType = .bf16, batchSize: Int, threads: Int = 2
    ) throws -> LocalGenerator {
        var settings = ModelSettings()
        settings.dtype = dtype
        settings.threads = threads
        let source = try ModelSource(Fixtures.url("golden/\(folder)"))
        return try LoadedModel(source, settings: settings, batchSize: batchSize).generator
    }

    /// Prompts of many lengths, some beyond one prefill step.
    private var requests: [GenerationRequest] {
        (0..<40).map { index in
            let length = 1 + (index * 37) % 150
            let ids = (0..<length).map { 3 + ($0 * 7919 + index * 104_729) % 300 }
            return GenerationRequest(
                id: "\(index)", prompt: .tokens(ids), maxNewTokens: 5 + index % 23, ignoreEOS: true)
        }
    }

    @Test(arguments: ["yuan-tiny", "llama-tiny", "qwen2-tiny"], DType.allCases)
    func tokensDependOnTheSequenceAlone(folder: String, dtype: DType) async throws {
        let alone = try await model(folder, dtype: dtype, batchSize: 1, threads: 1).results(of: requests)
        #expect(alone.count == requests.count)
        for (batchSize, threads) in [(3, 2), (16, 1), (64, 2)] {
            let generator = try model(folder, dtype: dtype, batchSize: batchSize, threads: threads)
            let together = try await generator.results(of: requests)
            #expect(together.map(\.tokens) == alone.map(\.tokens), "batch \(batchSize)")
        }
    }

    /// Where every weight is NaN there is nothing to choose from: that is a failure, and no answer.
    @Test func logitsOfWhichNoneIsFiniteFail() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nan-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Fixtures.url("golden/llama-tiny"), to: folder)
        let file = folder.appendingPathComponent("model.safetensors")
        var bytes = [UInt8](try Data(contentsOf: file))
        let header = 8 + bytes[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        for index in header..<bytes.count { bytes[index] = 0xFF }
        try Data(bytes).write(to: file)
        let generator = try LoadedModel(try ModelSource(file), settings: ModelSettings(), batchSize: 1).generator
        var reasons: [String] = []
        for try await event in generator.generate([.init(id: "a", prompt: .tokens([5, 17]), maxNewTokens: 4)]) {
            if case .failed(_, let reason) = event { reasons.append(reason) } else { Issue.record("\(event)") }
        }
        #expect(reasons.count == 1 && reasons.allSatisfy { $0.contains("no logit is finite") })
    }

    @Test func weightsThatDoNotFitAreRefusedBeforeTheyAreRead() throws {
        let source = try ModelSource(Fixtures.url("golden/llama-tiny"))
        let needed = source.checkpoint.parameterCount * 2
        try source.requireRoom(dtype: .bf16, availableBytes: needed)
        try source.requireRoom(dtype: .fp32, availableBytes: nil)
        var settings = ModelSettings()
        (settings.dtype, settings.availableBytes) = (.bf16, { needed - 1 })
        let error = #expect(throws: ModelError.self) { try LoadedModel(source, settings: settings, batchSize: 1) }
        #expect(error.map { "\($0)" }?.contains("\(needed) bytes in bf16") == true)
    }

    @Test func countsEveryTokenAndTime() async throws {
        let generator = try model(batchSize: 8)
        let results = try await generator.results(of: requests)
        let statistics = await generator.statistics
        #expect(statistics.promptTokens == results.reduce(0) { $0 + $1.promptTokens.count })
        #expect(statistics.generatedTokens == results.reduce(0) { $0 + $1.tokens.count })
        // The first token of each sequence comes from its prefill.
        #expect(statistics.decodedTokens == statistics.generatedTokens - results.count)
        #expect(results.allSatisfy { $0.timing.interToken.count == $0.tokens.count - 1 })
        #expect(statistics.kvCachePeakBytes > 0 && statistics.weightsBytes > 0)
    }

    @Test func stopsOnTextAndOnTokens() async throws {
        let generator = try model(batchSize: 2)
        let prompt = Prompt.tokens([5, 17, 42])
        func run(stop: [String] = [], stopTokens: [Int] = []) async throws -> GenerationResult {
            let request = GenerationRequest(
                id: "", prompt: prompt, maxNewTokens: 12, stop: stop, stopTokens: stopTokens)
            return try #require(try await generator.results(of: [request]).first)
        }
        let free = try await run()
        #expect(free.finishReason == .length && free.tokens.count == 12)

        let third = free.tokens[2]
        let byToken = try await run(stopTokens: [third])
        let end = try #require(free.tokens.firstIndex(of: third))
        #expect(byToken.finishReason == .eos && byToken.tokens == Array(free.tokens[...end]))

        let word = String(free.text.suffix(3).prefix(2))
        let byText = try await run(stop: [word])
        #expect(byText.finishReason == .stop)
        #expect(!byText.text.contains(word) && free.text.hasPrefix(byText.text))
    }

    @Test func whatCannotBeServedFailsAlone() async throws {
        let generator = try model(batchSize: 4)
        let requests = [
            GenerationRequest(id: "empty", prompt: .tokens([]), maxNewTokens: 4),
            GenerationRequest(id: "outside", prompt: .tokens([1, 520]), maxNewTokens: 4),
            GenerationRequest(id: "long", prompt: .tokens(Array(repeating: 5, count: 512)), maxNewTokens: 4),
            GenerationRequest(
                id: "edge", prompt: .tokens(Array(repeating: 5, count: 510)), maxNewTokens: 9, ignoreEOS: true),
        ]
        var reasons: [String: String] = [:]
        var edge: GenerationResult?
        for try await event in generator.generate(requests) {
            if case .failed(let id, let reason) = event { reasons[id] = reason }
            if case .finished(let result) = event { edge = result }
        }
        #expect(reasons["empty"]?.contains("no tokens") == true)
        #expect(reasons["outside"]?.contains("520") == true)
        #expect(reasons["long"]?.contains("512") == true)
        // Two positions are left of the context.
        #expect(edge?.id == "edge" && edge?.tokens.count == 2 && edge?.finishReason == .length)
    }

    @Test func aConsumerThatLeavesStopsTheWork() async throws {
        let generator = try model(batchSize: 4)
        let endless = GenerationRequest(
            id: "", prompt: .tokens([5, 17]), maxNewTokens: 500, ignoreEOS: true)
        for try await event in generator.generate([endless]) {
            if case .text = event { break }
        }
        // The place is free again: the next request is served, and the first was not finished meanwhile.
        let next = try await generator.results(of: [
            GenerationRequest(id: "next", prompt: .tokens([7]), maxNewTokens: 3, ignoreEOS: true)
        ])
        #expect(next.first?.tokens.count == 3)
        #expect(await generator.statistics.generatedTokens < 400)
    }

    @Test func severalCallersShareTheEngine() async throws {
        let generator = try model(batchSize: 3)
        let alone = try await generator.results(of: requests)
        let (a, b) = (Array(requests[..<20]), Array(requests[20...]))
        async let first = generator.results(of: a)
        async let second = generator.results(of: b)
        let together = try await first + second
        #expect(together.map(\.tokens) == alone.map(\.tokens))
    }
}
