import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// Damaged files of every kind: whatever the damage, the answer is a description or a `CheckpointError`.
struct DamageTests {
    /// xorshift64*: the same damage in every run.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 2_685_821_657_736_338_717
        }
    }

    static let files = [
        "golden/llama-tiny/model.safetensors", "golden/yuan-tiny/pytorch_model.bin", "golden/yuan-tiny/tokenizer.model",
        "golden/yuan-tiny/config.json", "golden/yuan-tiny/tokenizer_config.json",
        "badmodels/tok_00_valid/tokenizer.json",
        "badmodels/gg_00_valid.gguf",
    ]

    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// Looks at the file in every way there is; returns whether it was accepted. Other errors than ours are passed on.
    private func isAccepted(_ url: URL) throws -> Bool {
        do {
            _ = try ModelInspection.inspect(url).text
            if url.pathExtension == "gguf" {
                for entry in try GGUFFile(MappedFile(url)).tensors { try read(entry) }
            } else if let weights = WeightFiles(url) {
                for entry in try weights.read().entries { try read(entry) }
            }
            return true
        } catch let error as CheckpointError {
            #expect(!error.description.contains("\n"))
            return false
        }
    }

    private func read(_ entry: TensorEntry) throws {
        guard let type = entry.type else { return }
        _ = try StoredTensor(name: entry.name, entry: entry, type: type).readAll()
    }

    /// A copy to damage.
    private func copy(_ file: String) throws -> (URL, [UInt8]) {
        let bytes = Array(try Data(contentsOf: Fixtures.url(file)))
        return (try folder.write(URL(fileURLWithPath: file).lastPathComponent, bytes), bytes)
    }

    @Test(arguments: files)
    func truncation(file: String) throws {
        let (url, bytes) = try copy(file)
        #expect(try isAccepted(url))
        let handle = try FileHandle(forWritingTo: url)
        for length in stride(from: (bytes.count - 1) / 97 * 97, through: 0, by: -97) {
            try handle.truncate(atOffset: UInt64(length))
            #expect(try !isAccepted(url), "\(length) bytes")
        }
    }

    @Test(arguments: files)
    func flippedBytes(file: String) throws {
        let (url, bytes) = try copy(file)
        var generator = Generator(state: 0x5eed)
        let handle = try FileHandle(forUpdating: url)
        // Tables lie at the start and, in zip files, at the end; values in between are anything already.
        let ends = Array(0..<min(bytes.count, 6000)) + Array(max(0, bytes.count - 6000)..<bytes.count)
        var rejected = 0
        for _ in 0..<400 {
            let places = (0..<Int.random(in: 1...3, using: &generator)).compactMap { _ in
                ends.randomElement(using: &generator)
            }
            for place in places {
                try handle.seek(toOffset: UInt64(place))
                try handle.write(contentsOf: Data([UInt8.random(in: 0...255, using: &generator)]))
            }
            if try !isAccepted(url) { rejected += 1 }
            for place in places {
                try handle.seek(toOffset: UInt64(place))
                try handle.write(contentsOf: Data([bytes[place]]))
            }
        }
        #expect(rejected > 50)
        #expect(try isAccepted(url))
    }

    @Test func damagedModelGGUF() throws {
        let bytes = GGUFBuilder.model("llama").bytes
        let url = try folder.write("model.gguf", bytes)
        #expect(try isAccepted(url))
        var generator = Generator(state: 0xd1ce)
        for _ in 0..<1000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                damaged[Int.random(in: 0..<1600, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            try folder.write("model.gguf", damaged)
            _ = try isAccepted(url)
            if let checkpoint = try? CheckpointLoader.open(url) {
                for name in checkpoint.tensorNames { _ = try checkpoint.tensor(name)?.readAll() }
            }
        }
    }
}
