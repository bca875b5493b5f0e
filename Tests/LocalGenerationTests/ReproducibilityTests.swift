import Foundation
import Generation
import LocalGeneration
import Tensors
import TestSupport
import Testing

/// The same tokens whatever the engine does to be fast: batch, threads, chunks of prompts, shared prefixes, guesses, layout of
/// weights.
struct ReproducibilityTests {
    struct Variant: CustomTestStringConvertible {
        var batchSize = 1
        var threads = 1
        var chunk = 512
        var prefixCache = false
        var speculation = false
        var weights = WeightLayout.plain
        var testDescription: String {
            "batch \(batchSize), threads \(threads), chunk \(chunk), prefixes \(prefixCache), guesses \(speculation), \(weights)"
        }
    }

    static let variants = [
        Variant(batchSize: 3, threads: 2, prefixCache: true), Variant(batchSize: 16, chunk: 64, speculation: true),
        Variant(batchSize: 64, threads: 2, chunk: 128, prefixCache: true),
        Variant(batchSize: 1, threads: 2, speculation: true), Variant(weights: .compact),
        Variant(batchSize: 16, threads: 2, chunk: 128, speculation: true, weights: .compact),
        Variant(batchSize: 4, threads: 2, chunk: 64, prefixCache: true, speculation: true),
    ]

    private func generator(_ source: ModelSource, _ dtype: DType, _ kernels: KernelPolicy, _ variant: Variant) throws
        -> LocalGenerator
    {
        var settings = ModelSettings()
        settings.dtype = dtype
        settings.threads = variant.threads
        settings.kernels = kernels
        settings.weights = variant.weights
        settings.engine.prefillTokensPerStep = variant.chunk
        settings.engine.prefixCache = variant.prefixCache
        settings.engine.speculation = variant.speculation
        return try LoadedModel(source, settings: settings, batchSize: variant.batchSize).generator
    }

    /// Prompts of which some begin alike, some are the same, and some repeat themselves, the end-of-sequence token in them.
    private func requests(end: Int) -> [GenerationRequest] {
        let shared = (0..<140).map { 3 + ($0 * 7919) % 300 }
        var prompts: [[Int]] = []
        for index in 0..<6 { prompts.append(shared + (0..<(1 + index * 30)).map { 5 + ($0 * 31 + index) % 200 }) }
        prompts += [prompts[3], prompts[3], Array(shared.prefix(65)), Array(shared.prefix(128))]
        for index in 0..<6 {
            let phrase = (0..<(3 + index)).map { 7 + ($0 * 13 + index * 17) % 250 } + [index % 2 == 0 ? end : 4]
            prompts.append(Array((0..<12).flatMap { _ in phrase }.prefix(20 + 9 * index)))
        }
        return prompts.enumerated().map { index, prompt in
            GenerationRequest(
                id: "\(index)", prompt: .tokens(prompt), maxNewTokens: 20 + index % 5, ignoreEOS: true,
                topLogits: index % 3)
        }
    }

    @Test(
        arguments: ["yuan-tiny", "yuan-tiny-sharded-bf16", "llama-tiny", "qwen2-tiny"],
        [(DType.fp32, KernelPolicy.openblas), (.fp32, .native), (.bf16, .native), (.bf16, .openblas), (.fp16, .native)])
    func tiny(folder: String, arithmetic: (DType, KernelPolicy)) async throws {
        let source = try ModelSource(Fixtures.url("golden/\(folder)"))
        let requests = requests(end: source.endTokens.first ?? 1)
        let plain = try generator(source, arithmetic.0, arithmetic.1, Variant())
        let expected = try await plain.results(of: requests)
        #expect(await plain.statistics.sharedPromptTokens == 0)
        #expect(await plain.statistics.guessedTokens == 0)
        for variant in Self.variants {
            let engine = try generator(source, arithmetic.0, arithmetic.1, variant)
            let results = try await engine.results(of: requests)
            #expect(results.map(\.tokens) == expected.map(\.tokens), "\(variant.testDescription)")
            #expect(results.map(\.steps) == expected.map(\.steps), "\(variant.testDescription)")
            // What was to be left out or guessed was.
            let statistics = await engine.statistics
            #expect(statistics.promptTokens == results.reduce(0) { $0 + $1.promptTokens.count })
            #expect(statistics.generatedTokens == results.reduce(0) { $0 + $1.tokens.count })
            #expect(statistics.decodedTokens == statistics.generatedTokens - results.count)
            if variant.prefixCache { #expect(statistics.sharedPromptTokens >= 6 * 128) }
            // One at a time, every prompt that repeats itself suggests something; whether it is right is the model's affair.
            if variant.speculation && variant.batchSize == 1 {
                #expect(statistics.guessedTokens > 0)
                #expect(statistics.decodeSteps == statistics.decodedTokens - statistics.acceptedTokens)
            }
        }
    }

    /// Weights stored as bf16 are bf16 numbers in every dtype, and lie in 12 bits where that is asked for.
    @Test(
        .enabled(if: InstructionSet.detected.multipliesCompactWeights, "needs a processor with AVX2"),
        arguments: DType.allCases)
    func compactInEveryDtype(dtype: DType) throws {
        let source = try ModelSource(Fixtures.url("golden/yuan-tiny-sharded-bf16"))
        func load(_ layout: WeightLayout) throws -> LoadedModel {
            var settings = ModelSettings()
            settings.dtype = dtype
            settings.weights = layout
            return try LoadedModel(source, settings: settings, batchSize: 1)
        }
        let (plain, compact) = (try load(.plain), try load(.compact))
        #expect(plain.weightLayout == .plain && compact.weightLayout == .compact)
        #expect(plain.changedWeights == compact.changedWeights)
        #expect(compact.weightsBytes < plain.weightsBytes)
    }

    @Test(.enabled(if: SmolLM2.path != nil, "set YUANBENCH_SMOLLM2 to SmolLM2-135M-Instruct.Q4_1.gguf to run this"))
    func smolLM2() async throws {
        let source = try ModelSource(URL(fileURLWithPath: try #require(SmolLM2.path)))
        let prompts = try SmolLM2.golden().map(\.prompt)
        let code = "def double(items):\n    result = []\n    for item in items:\n        result.append(item * 2)\n"
        let requests = (prompts + prompts.map { code + code + $0 }).enumerated().map { index, prompt in
            GenerationRequest(id: "\(index)", prompt: .text(prompt), maxNewTokens: 24, ignoreEOS: true)
        }
        for (dtype, kernels) in [(DType.bf16, KernelPolicy.native), (.fp32, .openblas)] {
            let plain = try generator(source, dtype, kernels, Variant(batchSize: 64, threads: 2))
            let expected = try await plain.results(of: requests).map(\.tokens)
            for variant in [
                Variant(batchSize: 4, threads: 2, prefixCache: true, speculation: true),
                Variant(batchSize: 16, threads: 1, chunk: 64),
            ] {
                let engine = try generator(source, dtype, kernels, variant)
                let results = try await engine.results(of: requests)
                #expect(results.map(\.tokens) == expected, "\(dtype) \(variant.testDescription)")
                // Real text repeats itself, and so does this model.
                if variant.speculation { #expect(await engine.statistics.acceptedTokens > 0) }
            }
        }
    }
}
