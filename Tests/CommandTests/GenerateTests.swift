import Foundation
import TestSupport
import Testing

/// The shape of `generate --tokens` that scripts rely on.
struct GenerateTests {
    private struct Generated: Decodable {
        struct Step: Decodable {
            let id: Int
            let top: [[Double]]
        }
        let promptIds: [Int]
        let ids: [Int]
        let text: String?
        let finishReason: String
        let steps: [Step]
    }

    private func generate(_ arguments: [String], model: String) throws -> Generated {
        let folder = try Folder()
        let run = try Command.run(["generate", "--model", model, "--tokens"] + arguments, in: folder.url)
        #expect(run.status == 0, "\(run.err)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Generated.self, from: Data(run.out.utf8))
    }

    @Test func idsInAndOut() throws {
        let result = try generate(
            ["--prompt-ids", "5,17,42", "--max-new-tokens", "6", "--ignore-eos", "--dtype", "fp32"], model: Tiny.yuan)
        #expect(result.promptIds == [5, 17, 42] && result.ids.count == 6 && result.finishReason == "length")
        #expect(result.text != nil)
        #expect(result.steps.map(\.id) == result.ids)
        for step in result.steps {
            #expect(step.top.count == 5 && Int(step.top[0][0]) == step.id)
            #expect(step.top.map { $0[1] } == step.top.map { $0[1] }.sorted(by: >))
        }
    }

    @Test func withoutATokenizerThereIsNoText() throws {
        let folder = try Folder()
        let copy = folder.url.appendingPathComponent("model")
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        for name in ["config.json", "model.safetensors"] {
            try FileManager.default.copyItem(atPath: Tiny.yuan + "/" + name, toPath: copy.path + "/" + name)
        }
        let result = try generate(["--prompt-ids", "5,17", "--max-new-tokens", "2"], model: copy.path)
        #expect(result.text == nil && !result.ids.isEmpty)
        let asText = try Command.run(["generate", "--model", copy.path, "--prompt-ids", "5,17"], in: folder.url)
        #expect(asText.status == 65 && asText.err.contains("--tokens"), "\(asText.err)")
    }
}
