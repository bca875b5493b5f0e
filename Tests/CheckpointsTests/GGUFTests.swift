import Foundation
import Testing

@testable import Checkpoints

/// GGUF files made here, to know every byte of them.
struct GGUFTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func open(_ builder: GGUFBuilder) throws -> any Checkpoint {
        try CheckpointLoader.open(folder.write("model.gguf", builder.bytes))
    }

    private func message(_ change: (inout GGUFBuilder) -> Void) -> String {
        var builder = GGUFBuilder.model("llama")
        change(&builder)
        do {
            _ = try open(builder)
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: ["llama", "qwen2"], [2, 3])
    func model(architecture: String, version: Int) throws {
        var builder = GGUFBuilder.model(architecture)
        builder.version = UInt32(version)
        let checkpoint = try open(builder)
        let configuration = checkpoint.configuration
        #expect(configuration.architecture == architecture && configuration.tieWordEmbeddings)
        #expect((configuration.headDim, configuration.kvHeadCount, configuration.vocabularySize) == (4, 1, 6))
        #expect((configuration.ropeTheta, configuration.maxPositions) == (50000, 64))
        #expect(configuration.eosTokenIDs == [4, 5] && configuration.bosTokenID == 3)
        #expect(checkpoint.tensorNames.count == builder.tensors.count)
        #expect(checkpoint.storedType == "f32")

        // Rows of a head in a llama file: 0 2 | 1 3 interleaved to 0 1 2 3; the way back takes every other row.
        let q = try checkpoint.requireTensor("model.layers.0.self_attn.q_proj.weight", shape: [8, 8]).readAll()
        let firsts = stride(from: 0, to: 64, by: 8).map { q[$0] }
        if architecture == "llama" {
            #expect(firsts == [0, 16, 8, 24, 32, 48, 40, 56])
        } else {
            #expect(firsts == [0, 8, 16, 24, 32, 40, 48, 56])
            let bias = try checkpoint.requireTensor("model.layers.0.self_attn.q_proj.bias", shape: [8]).readAll()
            #expect(bias == [0, 1, 2, 3, 4, 5, 6, 7])
        }
        let k = try checkpoint.requireTensor("model.layers.0.self_attn.k_proj.weight", shape: [4, 8])
        var rows = [Float](repeating: 0, count: 16)
        try rows.withUnsafeMutableBufferPointer { try k.readRows(1..<3, into: #require($0.baseAddress)) }
        #expect(rows[0] == (architecture == "llama" ? 16 : 8) && rows[8] == (architecture == "llama" ? 8 : 16))
        var stored = [Float](repeating: 0, count: 16)
        try stored.withUnsafeMutableBytes { try k.copyRows(1..<3, into: #require($0.baseAddress)) }
        #expect(stored == rows)
        let down = try checkpoint.requireTensor("model.layers.0.mlp.down_proj.weight", shape: [8, 12]).readAll()
        #expect(down == (0..<96).map(Float.init))
    }

    @Test func aVocabularyMayBeMissing() throws {
        var builder = GGUFBuilder.model("llama")
        builder.pairs.removeSubrange(10...)
        let checkpoint = try open(builder)
        guard case .folder(let place) = checkpoint.tokenizerSource else {
            Issue.record("a vocabulary out of nothing")
            return
        }
        #expect(place.lastPathComponent == folder.url.lastPathComponent)
        #expect(checkpoint.configuration.eosTokenIDs.isEmpty)
    }

    @Test func anOutputTensorUntiesTheHead() throws {
        var builder = GGUFBuilder.model("qwen2")
        builder.tensor("output.weight", [6, 8], [Float](repeating: 1, count: 48))
        let checkpoint = try open(builder)
        #expect(!checkpoint.configuration.tieWordEmbeddings)
        #expect(checkpoint.tensor("lm_head.weight")?.shape == [6, 8])
    }

    @Test func everyMetadataType() throws {
        var builder = GGUFBuilder()
        builder.add("general.architecture", "llama")
        for (type, size) in [(0, 1), (1, 1), (2, 2), (3, 2), (4, 4), (5, 4), (6, 4), (7, 1), (10, 8), (11, 8), (12, 8)]
        {
            builder.add("key\(type)", type: UInt32(type), [1] + [UInt8](repeating: 0, count: size - 1))
            var array: [UInt8] = []
            array.append(integer: UInt32(type))
            array.append(integer: UInt64(2))
            builder.add("array\(type)", type: 9, array + [UInt8](repeating: 1, count: 2 * size))
        }
        builder.add("negative", type: 5, [255, 255, 255, 255])
        builder.add("huge", type: 10, [UInt8](repeating: 255, count: 8))
        let description = try ModelInspection.inspect(folder.write("types.gguf", builder.bytes))
        let values = Dictionary(uniqueKeysWithValues: description.metadata.map { ($0.key, $0.value) })
        for type in [0, 1, 2, 3, 4, 5, 10, 11] { #expect(values["key\(type)"] == "1") }
        #expect(values["key7"] == "true" && values["array11"] == "[2 × int64]")
        #expect(values["negative"] == "-1" && values["huge"] == "18446744073709551615")
    }

    @Test func llama3RopeFactors() throws {
        let scaling = RopeScaling(
            factor: 32, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalMaxPositions: 8192)
        func model(_ factors: [Float]) throws -> ModelConfiguration {
            var builder = GGUFBuilder.model("llama")
            builder.tensor("rope_freqs.weight", [factors.count], factors)
            return try open(builder).configuration
        }
        #expect(try model([1, 1]).ropeScaling == nil)
        // Of two frequencies with theta 50000 the second has a wavelength of 1405: below 8192 / 4, so never scaled.
        #expect(scaling.frequencyFactors(count: 2, theta: 50000) == [1, 1])
        #expect(throws: CheckpointError.self) { try model([1, 32]) }
        let factors = scaling.frequencyFactors(count: 32, theta: 500_000)
        #expect(factors[0] == 1 && factors[31] == 32 && factors == factors.sorted())
        // Published for Llama 3.2's head size 64: the blend begins after the 14th frequency.
        #expect(factors.firstIndex { $0 > 1 } == 15 && factors.firstIndex { $0 == 32 } == 18)
    }

    @Test func refusals() {
        #expect(message { _ in } == "accepted")
        #expect(message { $0.add("llama.rope.scaling.type", "yarn") }.contains("'yarn' is not supported"))
        #expect(message { $0.add("general.architecture", "llama") }.contains("duplicate metadata key"))
        #expect(message { $0.pairs.remove(at: 1) }.contains("llama.block_count is missing"))
        #expect(message { $0.tensors.removeFirst() }.contains("token_embd.weight"))
        #expect(
            message { $0.tensor("blk.0.ffn_gate_inp.weight", [8], [Float](repeating: 0, count: 8)) }
                .contains("'blk.0.ffn_gate_inp.weight' is unknown in a llama model"))
        #expect(
            message { $0.tensor("blk.0.attn_q.bias", [8], [Float](repeating: 0, count: 8)) }
                .contains("'blk.0.attn_q.bias' is unknown in a llama model"))
        #expect(message { $0.tensors[0].type = 10 }.contains("type Q2_K is not supported"))
        #expect(message { $0.tensors[0].type = 4000 }.contains("type number 4000 is not supported"))
        #expect(message { $0.tensors[2].shape = [4, 16] }.contains("expected 8 rows"))
        #expect(message { $0.tensors[0].shape = [3, 16] }.contains("tokenizer doesn't fit the model"))
        #expect(message { $0.version = 3 << 24 }.contains("big-endian"))
        #expect(
            message { $0.add("tokenizer.ggml.scores", type: 9, [6, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 11)) }
                .contains("one entry a token"))
        #expect(message { $0.tensors[0].name = String(repeating: "x", count: 65) }.contains("tensor name too long"))
    }
}
