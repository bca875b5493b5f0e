import Checkpoints
import Foundation
import LanguageModels
import Tensors
import TestSupport
import Testing

/// A tiny reference model with its recorded prompts, logits and tokens.
struct Golden: CustomTestStringConvertible, Sendable {
    let name: String
    let folder: String
    var testDescription: String { folder }

    static let yuan = Golden(name: "yuan", folder: "yuan-tiny")
    static let llama = Golden(name: "llama", folder: "llama-tiny")
    static let qwen2 = Golden(name: "qwen2", folder: "qwen2-tiny")
    static let all = [yuan, llama, qwen2]

    struct Recorded: Decodable {
        struct Greedy: Decodable { let cached: [Int32] }
        let prompts: [String: [Int32]]
        let greedy: [String: Greedy]
    }

    var checkpoint: URL { Fixtures.url("golden/\(folder)") }

    func recorded() throws -> Recorded {
        let url = Fixtures.url("golden/\(name)_tiny_greedy.json")
        return try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: url))
    }

    /// Reference logits `[tokens, vocabulary]` by key, e.g. "f32.logits.len17".
    func logits() throws -> [String: [Float]] {
        try SafetensorsFixture.read(Fixtures.url("golden/\(name)_tiny_logits.safetensors"))
    }

    func model(
        _ dtype: DType, threads: Int = 2, kernels: KernelPolicy = .auto, options: ModelOptions = ModelOptions()
    ) throws -> LanguageModel {
        let backend = try Backend(dtype: dtype, threads: threads, kernels: kernels)
        return try LanguageModel(CheckpointLoader.open(checkpoint), backend: backend, options: options)
    }
}

/// Reads a fixture's F32 tensors without the reader under test.
enum SafetensorsFixture {
    static func read(_ url: URL) throws -> [String: [Float]] {
        let data = try Data(contentsOf: url)
        let length = Int(data.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: Any] ?? [:]
        var tensors: [String: [Float]] = [:]
        for case (let name, let entry as [String: Any]) in header {
            guard entry["dtype"] as? String == "F32", let span = entry["data_offsets"] as? [Int] else { continue }
            let bytes = data[(8 + length + span[0])..<(8 + length + span[1])]
            tensors[name] = bytes.withUnsafeBytes { raw in
                (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            }
        }
        return tensors
    }
}

extension LanguageModel {
    /// Logits `[tokens, vocabulary]` of a whole prompt, fed in the given pieces.
    func allLogits(_ ids: [Int32], pieces: [Int], phase: TokenBatch.Phase = .prompt) -> [Float] {
        let sequence = makeSequence()
        var all: [Float] = []
        var done = 0
        for count in pieces {
            forward([Part(sequence: sequence, ids: Array(ids[done..<done + count]), phase: phase)])
            let buffer = logits(rows: Array(0..<count))
            for row in 0..<count { all += buffer.row(row) }
            done += count
        }
        return all
    }

    /// Greedy continuation without any stop.
    func greedy(_ ids: [Int32], count: Int, pieces: [Int]) -> [Int32] {
        let sequence = makeSequence()
        var done = 0
        for piece in pieces {
            forward([Part(sequence: sequence, ids: Array(ids[done..<done + piece]), phase: .prompt)])
            done += piece
        }
        var row = pieces[pieces.count - 1] - 1
        var tokens: [Int32] = []
        while true {
            let best = backend.topK(1, row: 0, of: logits(rows: [row])).top[0].id
            tokens.append(Int32(best))
            if tokens.count == count { return tokens }
            forward([Part(sequence: sequence, ids: [Int32(best)], phase: .generated)])
            row = 0
        }
    }
}

/// Ways to cut a prompt: whole, one by one, and in three unequal pieces.
func cuts(_ count: Int) -> [[Int]] {
    let third = max(1, count / 3)
    let thirds = count >= 3 ? [third, count - 2 * third, third] : [count]
    return [[count], Array(repeating: 1, count: count), thirds]
}

func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}
