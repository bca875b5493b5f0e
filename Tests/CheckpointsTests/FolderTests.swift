import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// What can be wrong with a folder as a whole.
struct FolderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let config = Fixtures.url("badmodels/cfg_00_valid/config.json")
        try folder.write("config.json", Array(Data(contentsOf: config)))
    }

    private func message(_ url: URL? = nil) -> String {
        do {
            _ = try CheckpointLoader.open(url ?? folder.url)
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    private func index(_ map: String) throws {
        try folder.write("model.safetensors.index.json", "{\"weight_map\": \(map)}")
    }

    @Test func missingParts() throws {
        #expect(message().contains("no weights in the folder"))
        #expect(message(folder.url.appendingPathComponent("nowhere")).contains("no such file"))
        try folder.write("notes.txt", "")
        #expect(message(folder.url.appendingPathComponent("notes.txt")).contains("this is no model"))
        try folder.write("model.safetensors", safetensors([("a", [2], [1, 2])]))
        #expect(message() == "accepted")
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("config.json"))
        #expect(message().contains("config.json: cannot be opened"))
        #expect(message(folder.url.appendingPathComponent("model.safetensors")).contains("no config.json beside"))
    }

    /// What a download without Git LFS, or of the wrong address, leaves behind.
    @Test func standIns() throws {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n"
        for name in ["model.safetensors", "pytorch_model.bin", "model.gguf"] {
            let file = folder.url.appendingPathComponent(name)
            try folder.write(name, pointer)
            #expect(message(file).contains("a Git LFS pointer") && message(file).contains("git lfs pull"), "\(name)")
            for page in ["<!DOCTYPE html><html></html>", "\n<HTML>\n<head>"] {
                try folder.write(name, page)
                #expect(message(file).contains("an HTML page") && message(file).contains(name), "\(name)")
            }
            try FileManager.default.removeItem(at: file)
        }
    }

    @Test func placesOutsideOfAFile() {
        [UInt8](repeating: 0, count: 4).withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes, file: "f")
            func message(_ work: (inout ByteCursor) throws -> Void) -> String {
                do {
                    try work(&cursor)
                    return ""
                } catch { return "\(error)" }
            }
            #expect(message { try $0.seek(-16) }.contains("expected a place from 0 to 4, found -16"))
            #expect(message { try $0.seek(5) }.contains("expected a place from 0 to 4, found 5"))
            #expect(message { try $0.skip(-16) }.contains("a length below zero (found -16 at byte 0)"))
            #expect(message { try $0.skip(5) }.contains("expected 5 more bytes at byte 0, found 4"))
        }
    }

    /// What the configuration asks for has to be there, in its shape.
    @Test func inspectingAsksForEveryTensorAndNoOther() throws {
        let golden = Fixtures.url("golden/yuan-tiny")
        let weights = try [UInt8](Data(contentsOf: golden.appendingPathComponent("model.safetensors")))
        let config = try String(contentsOf: golden.appendingPathComponent("config.json"), encoding: .utf8)
        try folder.write("model.safetensors", weights)
        func inspect(_ key: String, _ value: Int) throws -> String {
            let changed = config.replacing(try Regex("\"\(key)\": *[0-9]+"), with: "\"\(key)\": \(value)")
            try folder.write("config.json", [UInt8](changed.utf8))
            do {
                _ = try ModelInspection.inspect(folder.url)
                return "accepted"
            } catch { return "\(error)" }
        }
        #expect(try inspect("num_hidden_layers", 3) == "accepted")
        #expect(
            try inspect("num_hidden_layers", 4).contains("'model.layers.3.input_layernorm.weight' is missing"))
        #expect(try inspect("num_hidden_layers", 2).contains("expected 2 layers, found tensors of layer 2"))
        #expect(
            try inspect("intermediate_size", 171).contains(
                "does not fit the configuration (expected shape [171, 64], found [172, 64])"))
    }

    @Test func shards() throws {
        try folder.write("one.safetensors", safetensors([("a", [2], [1, 2])]))
        try folder.write("two.safetensors", safetensors([("b", [1], [3])]))
        try index(#"{"a": "one.safetensors", "b": "two.safetensors"}"#)
        let checkpoint = try CheckpointLoader.open(folder.url)
        #expect(checkpoint.tensorNames == ["a", "b"] && checkpoint.parameterCount == 3)
        #expect(try checkpoint.tensor("b")?.readAll() == [3])
        #expect(checkpoint.files.map(\.lastPathComponent) == ["one.safetensors", "two.safetensors"])
        try index(#"{"a": "two.safetensors"}"#)
        #expect(message().contains("tensor 'a' is missing from its shard two.safetensors"))
        try index(#"{"a": "three.safetensors"}"#)
        #expect(message().contains("shard three.safetensors not found"))
        try index(#"{"a": "one.safetensors", "b": "pytorch.bin"}"#)
        try folder.write("pytorch.bin", "")
        #expect(message().contains("different formats"))
        for name in ["../one.safetensors", "/etc/passwd", "..", "", "a\\\\b", "a\\u0000b", "C:x"] {
            try index("{\"a\": \"\(name)\"}")
            #expect(message().contains("plain file name"), "\(name)")
        }
        try index("{}")
        #expect(message().contains("names no tensor"))
        try index("[]")
        #expect(message().contains("must be an object"))
    }

    /// Old files carry rotary buffers (ignored); other integers and doubles are no weights.
    @Test func typesOfBuffers() throws {
        func file(_ name: String) -> [UInt8] {
            let header = "{\"\(name)\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}"
            var bytes: [UInt8] = []
            bytes.append(integer: UInt64(header.utf8.count))
            return bytes + Array(header.utf8) + [UInt8](repeating: 0, count: 8)
        }
        try folder.write("model.safetensors", file("model.layers.0.self_attn.rotary_emb.inv_freq"))
        let checkpoint = try CheckpointLoader.open(folder.url)
        #expect(checkpoint.tensorNames.isEmpty)
        try folder.write("model.safetensors", file("model.norm.weight"))
        #expect(message().contains("'model.norm.weight' has type F64"))
    }

    @Test func weightsThatAreNoNumbers() throws {
        var values = [Float](repeating: 1, count: 300_000 * 2)
        try folder.write("model.safetensors", safetensors([("fine", [2], [1, 2]), ("w", [300_000, 2], values)]))
        try CheckpointLoader.open(folder.url).requireFiniteWeights()
        values[599_999] = .infinity
        try folder.write("model.safetensors", safetensors([("fine", [2], [1, 2]), ("w", [300_000, 2], values)]))
        #expect {
            try CheckpointLoader.open(folder.url).requireFiniteWeights()
        } throws: { "\($0)".contains("tensor 'w'") && "\($0)".contains("inf in row 299999, column 1") }
    }

    @Test func specialFiles() throws {
        let pipe = folder.url.appendingPathComponent("model.safetensors")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        #expect(message().contains("not a regular file"))
    }

    @Test func inspectionOfTheGoldens() throws {
        let yuan = try ModelInspection.inspect(Fixtures.url("golden/yuan-tiny"))
        #expect(yuan.architecture == "yuan" && yuan.storedType == "f32" && yuan.parameters == 207_008)
        #expect(yuan.tokenizer == .init(kind: "SentencePiece", tokens: 512))
        #expect(yuan.chatTemplate?.contains("<n>") == true)
        #expect(yuan.text.contains("model.embed_tokens.weight"))
        let sharded = try ModelInspection.inspect(
            Fixtures.url("golden/yuan-tiny-sharded-bf16/model.safetensors.index.json"))
        #expect(sharded.kind == "shard index" && sharded.parameters == yuan.parameters)
        let torch = try ModelInspection.inspect(Fixtures.url("golden/yuan-tiny/pytorch_model.bin"))
        #expect(torch.kind == "torch" && torch.storedType == "bf16" && torch.sha256?.count == 64)
        #expect(throws: CheckpointError.self) { try ModelInspection.inspect(Fixtures.url("golden/README.md")) }
    }
}
