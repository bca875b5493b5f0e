import Foundation
import TestSupport
import Testing

@testable import Tokenizers

/// Small tokenizers of each kind against the `tokenizers` library (see `make_fixtures.py` beside the fixtures).
@Suite struct ByteLevelTests {
    @Test(arguments: ["gpt2", "gpt2-prefix", "smollm", "llama3", "qwen2"])
    func matchesTheReference(_ style: String) throws {
        let tokenizer = try TokenizerLoader.load(folder: Fixtures.url("tokenizers/\(style)"))
        let cases = try GoldenCases(Fixtures.url("tokenizers/\(style).json"))
        #expect(cases.rows.count > 50)
        for row in cases.rows {
            let ids = tokenizer.encode(row.text)
            #expect(ids == row.ids, "\(row.text.debugDescription)")
            check(tokenizer, row.ids, row.decode, row.decodeSkipSpecial)
        }
        for row in cases.decodes ?? [] { check(tokenizer, row.ids, row.decode, row.decodeSkipSpecial) }
        #expect(tokenizer.bosTokenID == tokenizer.id(of: "<|begin|>"))
        #expect(tokenizer.eosTokenIDs == [try #require(tokenizer.id(of: "<|end|>"))])
        #expect(tokenizer.addsBOS == (style == "llama3"))
        #expect(tokenizer.specialTokens.keys.sorted() == ["<mask>", "<|begin|>", "<|end|>"])
    }

    private func check(_ tokenizer: any Tokenizer, _ ids: [Int], _ text: String, _ skipped: String) {
        for (skips, expected) in [(false, text), (true, skipped)] {
            #expect(sameBytes(tokenizer.decode(ids, skipSpecial: skips), expected), "\(ids)")
            var stream = IncrementalDetokenizer(tokenizer: tokenizer, skipSpecial: skips)
            var joined = ""
            for id in ids { joined += stream.append(id) }
            #expect(sameBytes(joined + stream.finish(), expected), "\(ids)")
        }
    }

    /// The same vocabularies as a GGUF would hold them.
    @Test(arguments: [("gpt2", "gpt-2"), ("smollm", "smollm"), ("llama3", "llama-bpe"), ("qwen2", "qwen2")])
    func ggufAgreesWithTokenizerJSON(_ style: String, _ pre: String) throws {
        let json = try #require(
            try TokenizerFile.json(Fixtures.url("tokenizers/\(style)/tokenizer.json")))
        let added = try #require(json["added_tokens"]?.array)
        var tokens: [String] = []
        for (name, id) in try #require(json["model"]?["vocab"]?.object).entries {
            guard let id = id.integer else { continue }
            while tokens.count <= id { tokens.append("") }
            tokens[id] = name
        }
        var types = [Int](repeating: 1, count: tokens.count)
        // Only tokens that a GGUF can describe: no stripping, no normalisation.
        for token in added where token["content"]?.string?.hasPrefix("<|") ?? false {
            guard let id = token["id"]?.integer else { continue }
            while tokens.count <= id {
                tokens.append("[PAD\(tokens.count)]")
                types.append(5)
            }
            tokens[id] = try #require(token["content"]?.string)
            types[id] = 3
        }
        let gguf = GGUFVocabulary(
            model: "gpt2", pre: pre, tokens: tokens, scores: [], types: types,
            merges: try #require(json["model"]?["merges"]?.array).compactMap(\.string),
            bosID: tokens.firstIndex(of: "<|begin|>"), eosID: tokens.firstIndex(of: "<|end|>"), unkID: nil, padID: nil,
            addBOS: nil, addSpacePrefix: nil, chatTemplate: nil)
        let tokenizer = try TokenizerLoader.load(gguf: gguf)
        for row in try GoldenCases(Fixtures.url("tokenizers/\(style).json")).rows
        where !["mask", "note", "<left>", "<right>"].contains(where: row.text.contains) {
            #expect(tokenizer.encode(row.text) == row.ids, "\(row.text.debugDescription)")
        }
        #expect(tokenizer.addsBOS == (pre == "llama-bpe"))
    }

    /// Quadratic merging of a million characters would take hours.
    @Test(.timeLimit(.minutes(20))) func longWordsTakeLinearithmicTime() throws {
        let tokenizer = try TokenizerLoader.load(folder: Fixtures.url("tokenizers/gpt2"))
        let text = String(repeating: "thequickbrownfox", count: 64_000)
        let ids = tokenizer.encode(text)
        #expect(tokenizer.decode(ids, skipSpecial: false) == text)
    }

    @Test func whatIsNotKnownIsNamed() throws {
        func message(_ preTokenizer: String) -> String {
            do {
                let json = try TokenizerFile.parse(Array(preTokenizer.utf8), file: "t")
                _ = try PreTokenizer(json, file: "tokenizer.json")
                return ""
            } catch { return "\(error)" }
        }
        #expect(message(#"{"type": "Metaspace"}"#).contains("'Metaspace' is not supported"))
        let split = #"{"type": "Split", "pattern": {"Regex": "\\w+"}, "behavior": "Isolated", "invert": false}"#
        #expect(message(split).contains(#"unknown pattern '\\w+'"#))
        #expect(throws: TokenizerError.self) { try PreTokenizer(ggufName: "default") }
        #expect(throws: TokenizerError.self) { try PreTokenizer(ggufName: nil) }
        for pre in ["gpt-2", "llama-bpe", "qwen2", "smollm"] {
            #expect(throws: Never.self) { try PreTokenizer(ggufName: pre) }
        }
    }

    @Test func brokenUTF8BecomesReplacementCharacters() {
        func text(_ bytes: [UInt8], _ repair: UTF8Stream.Repair) -> String {
            var stream = UTF8Stream(repair: repair)
            var text = ""
            for byte in bytes { text += stream.append([byte]) }
            return text + stream.flush()
        }
        for bytes: [UInt8] in [
            [0x41, 0xE9, 0xA2, 0x42], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0x80, 0xE2, 0x96, 0x81, 0xFF],
        ] {
            // Swift repairs maximal subparts too.
            #expect(text(bytes, .maximalSubpart) == String(decoding: bytes, as: UTF8.self))
        }
        #expect(text([0x41, 0xE9, 0xA2, 0x42], .everyByte) == "A\u{FFFD}\u{FFFD}B")
    }
}
