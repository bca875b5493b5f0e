import Foundation
import TestSupport
import Testing

@testable import Tokenizers

/// SmolLM2's vocabulary lives in a published GGUF, which is not part of the project.
@Suite struct SmolLM2Tests {
    static let path = ProcessInfo.processInfo.environment["YUANBENCH_SMOLLM2"]

    @Test(.enabled(if: path != nil, "needs YUANBENCH_SMOLLM2, the path of a SmolLM2 GGUF"))
    func matchesTheReference() throws {
        let vocabulary = try GGUFMetadata.vocabulary(URL(fileURLWithPath: try #require(Self.path)))
        let tokenizer = try TokenizerLoader.load(gguf: vocabulary)
        let cases = try GoldenCases(Fixtures.url("golden/smollm2_tokenizer.json"))
        #expect(cases.rows.count == 231)
        for row in cases.rows {
            #expect(tokenizer.encode(row.text) == row.ids, "\(row.text)")
            #expect(sameBytes(tokenizer.decode(row.ids, skipSpecial: false), row.decode))
            #expect(sameBytes(tokenizer.decode(row.ids, skipSpecial: true), row.decodeSkipSpecial))
        }
        #expect(tokenizer.vocabularySize == 49152)
        #expect(tokenizer.specialTokens.count == 17)
        #expect(tokenizer.eosTokenIDs.contains(2))
        #expect(!tokenizer.addsBOS)
        let template = try ChatTemplate(source: try #require(vocabulary.chatTemplate))
        let text = try template.render(
            messages: [(role: "user", content: "Hi")], addGenerationPrompt: true, variables: [:])
        #expect(text.hasSuffix("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"))
    }
}

/// Just enough of a GGUF reader to get at the vocabulary of a file that is known to be whole.
private struct GGUFMetadata {
    private var data: Data
    private var position = 0

    static func vocabulary(_ url: URL) throws -> GGUFVocabulary {
        var reader = GGUFMetadata(data: try Data(contentsOf: url, options: .alwaysMapped))
        reader.position = 16
        var values: [String: Any] = [:]
        for _ in 0..<(reader.integer(8)) {
            let key = reader.string()
            values[key] = reader.value(reader.integer(4))
        }
        func id(_ name: String) -> Int? { values["tokenizer.ggml.\(name)_token_id"] as? Int }
        return GGUFVocabulary(
            model: values["tokenizer.ggml.model"] as? String ?? "", pre: values["tokenizer.ggml.pre"] as? String,
            tokens: values["tokenizer.ggml.tokens"] as? [String] ?? [], scores: [],
            types: values["tokenizer.ggml.token_type"] as? [Int] ?? [],
            merges: values["tokenizer.ggml.merges"] as? [String] ?? [], bosID: id("bos"), eosID: id("eos"),
            unkID: id("unknown"), padID: id("padding"), addBOS: values["tokenizer.ggml.add_bos_token"] as? Bool,
            addSpacePrefix: values["tokenizer.ggml.add_space_prefix"] as? Bool,
            chatTemplate: values["tokenizer.chat_template"] as? String)
    }

    private mutating func integer(_ size: Int) -> Int {
        defer { position += size }
        return (0..<size).reduce(0) { $0 | Int(data[position + $1]) << (8 * $1) }
    }

    private mutating func string() -> String {
        let length = integer(8)
        defer { position += length }
        return String(decoding: data[position..<position + length], as: UTF8.self)
    }

    private mutating func value(_ type: Int) -> Any {
        switch type {
        case 0, 1: return integer(1)
        case 2, 3: return integer(2)
        case 4, 5, 6: return integer(4)
        case 7: return integer(1) != 0
        case 8: return string()
        case 9:
            let element = integer(4)
            let count = integer(8)
            if element == 8 { return (0..<count).map { _ in string() } }
            return (0..<count).map { _ in value(element) as? Int ?? 0 }
        default: return integer(8)
        }
    }
}
