import Checkpoints
import LanguageModels
import Tensors
import TestSupport
import Testing

/// Agreement with the recorded reference runs; tolerances are those of the goldens' own documentation.
struct GoldenTests {
    @Test(arguments: Golden.all)
    func fp32LogitsAgreeAtEveryPositionHoweverThePromptIsCut(golden: Golden) throws {
        let (model, reference) = (try golden.model(.fp32), try golden.logits())
        for (name, ids) in try golden.recorded().prompts {
            let expected = try #require(reference["f32.logits.\(name)"])
            for pieces in cuts(ids.count) {
                let difference = largestDifference(model.allLogits(ids, pieces: pieces), expected)
                #expect(difference < 5e-4, "\(name), pieces \(pieces.prefix(3))")
            }
        }
    }

    @Test(arguments: Golden.all, [KernelPolicy.native, .openblas])
    func fp32GreedyTokensAreTheReference(golden: Golden, kernels: KernelPolicy) throws {
        let (model, recorded) = (try golden.model(.fp32, kernels: kernels), try golden.recorded())
        for (name, ids) in recorded.prompts {
            let expected = try #require(recorded.greedy["f32.\(name)"]).cached
            for pieces in cuts(ids.count) {
                #expect(model.greedy(ids, count: expected.count, pieces: pieces) == expected, "\(name)")
            }
        }
    }

    @Test(arguments: Golden.all, [(DType.fp16, "f16", Float(0.3)), (DType.bf16, "bf16", Float(1.5))])
    func halfPrecisionLogitsAreClose(golden: Golden, dtype: (DType, String, Float)) throws {
        let (model, reference) = (try golden.model(dtype.0), try golden.logits())
        for (name, ids) in try golden.recorded().prompts {
            let expected = try #require(reference["\(dtype.1).logits.\(name)"])
            let difference = largestDifference(model.allLogits(ids, pieces: [ids.count]), expected)
            #expect(difference < dtype.2, "\(name)")
        }
    }

    @Test func withoutResetsAttentionSeesEverything() throws {
        var options = ModelOptions()
        options.resetAttentionAtEOD = false
        let model = try Golden.yuan.model(.fp32, options: options)
        let (reference, prompts) = (try Golden.yuan.logits(), try Golden.yuan.recorded().prompts)
        for name in ["len17", "len17_eod", "len5_eodfirst"] {
            let ids = try #require(prompts[name])
            let expected = try #require(reference["f32.noreset.logits.\(name)"])
            #expect(largestDifference(model.allLogits(ids, pieces: [ids.count]), expected) < 5e-4, "\(name)")
        }
        // The two readings of an <eod> in the prompt really differ.
        let ids = try #require(prompts["len17_eod"])
        let resetting = try Golden.yuan.model(.fp32).allLogits(ids, pieces: [ids.count])
        #expect(largestDifference(model.allLogits(ids, pieces: [ids.count]), resetting) > 1)
    }

    @Test func everyFormatOfTheSameWeightsGivesTheSameLogits() throws {
        let ids = try #require(Golden.yuan.recorded().prompts["len130"])
        let folder = Fixtures.url("golden")
        let paths = [
            "yuan-tiny/model.safetensors", "yuan-tiny/pytorch_model.bin", "yuan-tiny-sharded-bf16",
        ]
        for dtype in DType.allCases {
            let logits = try paths.map { path in
                let model = try LanguageModel(
                    CheckpointLoader.open(folder.appendingPathComponent(path)),
                    backend: Backend(dtype: dtype, threads: 2))
                return model.allLogits(ids, pieces: [ids.count])
            }
            #expect(logits[0] == logits[1] && logits[0] == logits[2], "\(dtype)")
        }
    }

    @Test(arguments: Golden.all, DType.allCases)
    func logitsDoNotDependOnCutsThreadsOrProvider(golden: Golden, dtype: DType) throws {
        let ids = try #require(golden.recorded().prompts["len130"])
        for kernels in KernelPolicy.allCases {
            let one = try golden.model(dtype, threads: 1, kernels: kernels).allLogits(ids, pieces: [130])
            let two = try golden.model(dtype, threads: 2, kernels: kernels)
            for pieces in cuts(130) { #expect(two.allLogits(ids, pieces: pieces) == one, "\(kernels)") }
        }
    }
}
