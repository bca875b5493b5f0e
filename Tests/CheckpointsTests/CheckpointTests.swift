import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// The readers on the golden checkpoints.
struct CheckpointTests {
    static func golden(_ name: String) -> URL { Fixtures.url("golden/\(name)") }

    @Test func configurationOfYuan() throws {
        let checkpoint = try CheckpointLoader.open(Self.golden("yuan-tiny"))
        let configuration = checkpoint.configuration
        #expect(checkpoint.format == "safetensors")
        #expect(configuration.architecture == "yuan")
        #expect(configuration.hiddenSize == 64)
        #expect(configuration.layerCount == 3)
        #expect(configuration.headCount == 4)
        #expect(configuration.kvHeadCount == 4)
        #expect(configuration.headDim == 16)
        #expect(configuration.intermediateSize == 172)
        #expect(configuration.vocabularySize == 520)
        #expect(configuration.maxPositions == 512)
        #expect(configuration.rmsNormEpsilon == 1e-6)
        #expect(configuration.ropeTheta == 10000)
        #expect(configuration.tieWordEmbeddings)
        #expect(configuration.torchDtype == "bfloat16")
        #expect(configuration.eosTokenIDs == [500])
        #expect(configuration.eodToken == 500)
        #expect(configuration.sepToken == 502)
        #expect(configuration.padTokenID == 500)
        #expect(configuration.resetPositionIDs)
        #expect(!configuration.useFlashAttention)
    }

    @Test func configurationOfLlamaAndQwen2() throws {
        let llama = try CheckpointLoader.open(Self.golden("llama-tiny")).configuration
        #expect(llama.architecture == "llama" && llama.kvHeadCount == 2 && llama.tieWordEmbeddings)
        #expect(llama.ropeTheta == 1e5 && llama.rmsNormEpsilon == 1e-5 && llama.eosTokenIDs == [2])
        let qwen = try CheckpointLoader.open(Self.golden("qwen2-tiny")).configuration
        #expect(qwen.architecture == "qwen2" && qwen.kvHeadCount == 2 && !qwen.tieWordEmbeddings)
        #expect(qwen.ropeTheta == 1e6 && qwen.ropeScaling == nil)
    }

    @Test func theThreeFormatsHoldIdenticalValues() throws {
        let single = try CheckpointLoader.open(Self.golden("yuan-tiny/model.safetensors"))
        let torch = try CheckpointLoader.open(Self.golden("yuan-tiny/pytorch_model.bin"))
        let sharded = try CheckpointLoader.open(Self.golden("yuan-tiny-sharded-bf16"))
        #expect((single.format, torch.format, sharded.format) == ("safetensors", "torch", "safetensors"))
        #expect((single.storedType, torch.storedType, sharded.storedType) == ("f32", "bf16", "bf16"))
        #expect(
            sharded.files.map(\.lastPathComponent) == [
                "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
            ])
        #expect(sharded.tensor("lm_head.weight") == nil)
        #expect(single.tensor("lm_head.weight") != nil)
        let names = single.tensorNames.filter { $0 != "lm_head.weight" }
        #expect(sharded.tensorNames == names)
        #expect(torch.tensorNames.filter { $0 != "lm_head.weight" } == names)
        for name in names {
            let a = try #require(single.tensor(name))
            let b = try #require(torch.tensor(name))
            let c = try #require(sharded.tensor(name))
            #expect(a.shape == b.shape && a.shape == c.shape)
            let values = try a.readAll()
            #expect(values.contains { $0 != 0 })
            #expect(try b.readAll() == values, "torch, \(name)")
            #expect(try c.readAll() == values, "shards, \(name)")
        }
        #expect(single.parameterCount == sharded.parameterCount)
        #expect(single.parameterCount == torch.parameterCount)
        #expect(sharded.parameterCount * 2 == 414_016)  // bytes according to the index
    }

    @Test func rowsAreSlicesOfTheWhole() throws {
        let checkpoint = try CheckpointLoader.open(Self.golden("yuan-tiny-sharded-bf16"))
        let tensor = try checkpoint.requireTensor("model.layers.1.mlp.down_proj.weight", shape: [64, 172])
        let all = try tensor.readAll()
        var rows = [Float](repeating: .nan, count: 3 * 172)
        try rows.withUnsafeMutableBufferPointer { try tensor.readRows(7..<10, into: #require($0.baseAddress)) }
        #expect(rows == Array(all[7 * 172..<10 * 172]))
        checkpoint.releasePages()
        #expect(try tensor.readAll() == all)
        #expect(throws: CheckpointError.self) {
            try rows.withUnsafeMutableBufferPointer { try tensor.readRows(63..<65, into: #require($0.baseAddress)) }
        }
        #expect(throws: CheckpointError.self) {
            try checkpoint.requireTensor("model.layers.1.mlp.down_proj.weight", shape: [172, 64])
        }
    }

    /// Rows as they are stored, which are read from the file rather than from its mapping.
    @Test func storedRowsAreCopied() throws {
        let checkpoint = try CheckpointLoader.open(Self.golden("yuan-tiny-sharded-bf16"))
        let tensor = try checkpoint.requireTensor("model.layers.1.mlp.down_proj.weight", shape: [64, 172])
        #expect(tensor.isStored(as: .bf16) && !tensor.isStored(as: .f16))
        let all = try tensor.readAll()
        var stored = [UInt16](repeating: 0, count: 3 * 172)
        try stored.withUnsafeMutableBytes { try tensor.copyRows(61..<64, into: #require($0.baseAddress)) }
        #expect(stored.map { Float(bitPattern: UInt32($0) << 16) } == Array(all[61 * 172..<64 * 172]))
        #expect(throws: CheckpointError.self) {
            try stored.withUnsafeMutableBytes { try tensor.copyRows(63..<65, into: #require($0.baseAddress)) }
        }
    }

    @Test func convolutionWeightsKeepTheirShape() throws {
        let checkpoint = try CheckpointLoader.open(Self.golden("yuan-tiny"))
        let tensor = try checkpoint.requireTensor(
            "model.layers.0.self_attn.lf_gate.conv1.weight", shape: [32, 64, 2, 1])
        #expect(tensor.rowLength == 1 && tensor.rowCount == 32 * 64 * 2)
    }

    /// SHA-256 of one file as `sha256sum` gives it; of several over sorted names and hashes.
    @Test func digests() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let a = folder.appendingPathComponent("a")
        let b = folder.appendingPathComponent("b")
        try Data("abc".utf8).write(to: a)
        try Data().write(to: b)
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(try WeightsDigest.sha256([MappedFile(a)]) == abc)
        #expect(try WeightsDigest.sha256([MappedFile(b)]) == empty)
        let list = folder.appendingPathComponent("list")
        try Data("a  \(abc)\nb  \(empty)\n".utf8).write(to: list)
        #expect(try WeightsDigest.sha256([MappedFile(b), MappedFile(a)]) == WeightsDigest.sha256([MappedFile(list)]))
    }

    /// When it shrinks right under a read, the process ends with a reason instead of by a bare SIGBUS.
    @Test func aFileThatShrinksDuringARead() async {
        let result = await #expect(processExitsWith: .exitCode(65), observing: [\.standardErrorContent]) {
            MappedFileFault.installHandler()
            let folder = try TemporaryFolder()
            let url = try folder.write("w", [UInt8](repeating: 1, count: 65536))
            let file = try MappedFile(url)
            let writer = try FileHandle(forWritingTo: url)
            try FileManager.default.removeItem(at: folder.url)
            try file.withBytes { bytes in
                try writer.truncate(atOffset: 0)
                exit(Int32(bytes[40000]))
            }
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("became shorter while it was being read"))
    }

    @Test func aFileThatShrinksIsNoticed() throws {
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".safetensors")
        try FileManager.default.copyItem(at: Self.golden("llama-tiny/model.safetensors"), to: copy)
        defer { try? FileManager.default.removeItem(at: copy) }
        let file = try SafetensorsFile(MappedFile(copy))
        let entry = try #require(file.tensors.first { $0.name == "model.norm.weight" })
        let tensor = StoredTensor(name: entry.name, entry: entry, type: try #require(entry.type))
        _ = try tensor.readAll()
        try FileHandle(forWritingTo: copy).truncate(atOffset: 4096)
        #expect { try tensor.readAll() } throws: { "\($0)".contains("truncated while it was in use") }
    }
}
