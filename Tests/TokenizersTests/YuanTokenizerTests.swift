import Foundation
import TestSupport
import Testing

@testable import Tokenizers

@Suite struct YuanTokenizerTests {
    static let real = Fixtures.shared("golden/yuan-real-tokenizer")
    static let realCases = Fixtures.shared("golden/golden/yuan_real_tokenizer.json")

    /// Every recorded text and id sequence, whole and token by token.
    private func check(_ folder: URL, _ url: URL) throws {
        let cases = try GoldenCases(url)
        #expect(cases.rows.count == 231)
        let tokenizer = try TokenizerLoader.load(folder: folder)
        let keeping = try TokenizerLoader.load(folder: folder, family: "yuan", whitespace: .keep)
        for row in cases.rows {
            #expect(tokenizer.encode(row.text) == row.ids, "\(row.text)")
            #expect(keeping.encode(row.text) == row.newIds ?? row.ids, "\(row.text)")
            check(tokenizer, row.ids, row.decode, row.decodeSkipSpecial)
        }
        for row in cases.decodes ?? [] { check(tokenizer, row.ids, row.decode, row.decodeSkipSpecial) }
        for (name, id) in try #require(cases.specialIds) { #expect(tokenizer.id(of: name) == id) }
        #expect(tokenizer.eosTokenIDs == [try #require(cases.specialIds?["<eod>"])])
        #expect(!tokenizer.addsBOS)
        #expect(tokenizer.specialTokens["<n>"] == nil && tokenizer.specialTokens["</s>"] == nil)
        #expect(tokenizer.specialTokens.count == 18)
    }

    private func check(_ tokenizer: any Tokenizer, _ ids: [Int], _ text: String, _ skipped: String) {
        for (skips, expected) in [(false, text), (true, skipped)] {
            let decoded = tokenizer.decode(ids, skipSpecial: skips)
            #expect(sameBytes(decoded, expected), "\(ids): \(decoded.debugDescription) \(expected.debugDescription)")
            var stream = IncrementalDetokenizer(tokenizer: tokenizer, skipSpecial: skips)
            var joined = ""
            for id in ids { joined += stream.append(id) }
            #expect(sameBytes(joined + stream.finish(), expected))
        }
    }

    @Test func tinyTokenizerMatchesTheReference() throws {
        try check(Fixtures.url("golden/yuan-tiny"), Fixtures.url("golden/yuan_tiny_tokenizer.json"))
        let tokenizer = try TokenizerLoader.load(folder: Fixtures.url("golden/yuan-tiny"))
        #expect(tokenizer.vocabularySize == 517)
    }

    @Test(.enabled(if: real != nil && realCases != nil, "needs the published tokenizer beside the checkout"))
    func publishedTokenizerMatchesTheReference() throws {
        let folder = try #require(Self.real)
        try check(folder, try #require(Self.realCases))
        let tokenizer = try TokenizerLoader.load(folder: folder)
        #expect(tokenizer.vocabularySize == 134_958)
        #expect(tokenizer.bytes(of: 13) == [0x0A])
        #expect(tokenizer.bytes(of: 134_957) == Array("<FIM_MIDDLE>".utf8))
        #expect(tokenizer.bytes(of: 134_958) == nil)
    }

    @Test func anotherFamilyKeepsItsOwnEndToken() throws {
        let tokenizer = try TokenizerLoader.load(folder: Fixtures.url("golden/yuan-tiny"), family: "llama")
        #expect(tokenizer.eosTokenIDs == [2])
        #expect(tokenizer.bosTokenID == 1)
        #expect(tokenizer.encode("</s>") == [2])
        #expect(tokenizer.vocabularySize == 512)
    }

    @Test func ggufOfTheSamePiecesAgrees() throws {
        let file = Fixtures.url("golden/yuan-tiny/tokenizer.model")
        let pieces = try SentencePieceModel(TokenizerFile.bytes(file), file: "tokenizer.model").pieces
        let tokenizer = try TokenizerLoader.load(
            gguf: GGUFVocabulary(
                model: "llama", pre: nil, tokens: pieces.map(\.text), scores: pieces.map(\.score),
                types: pieces.map(\.type.rawValue), merges: [], bosID: 500, eosID: 500, unkID: 0, padID: 500,
                addBOS: nil, addSpacePrefix: nil, chatTemplate: nil))
        #expect(tokenizer.vocabularySize == 512)
        #expect(tokenizer.eosTokenIDs == [500])
        #expect(!tokenizer.addsBOS)
        for row in try GoldenCases(Fixtures.url("golden/yuan_tiny_tokenizer.json")).rows {
            // A GGUF without the five tokens that are no pieces cannot name them.
            if row.ids.contains(where: { $0 >= 512 }) { continue }
            #expect(tokenizer.encode(row.text) == row.ids, "\(row.text)")
            #expect(sameBytes(tokenizer.decode(row.ids, skipSpecial: true), row.decodeSkipSpecial))
        }
    }

    @Test func generatedTextComesInWholeCharacters() throws {
        let tokenizer = try TokenizerLoader.load(folder: Fixtures.url("golden/yuan-tiny"))
        var stream = IncrementalDetokenizer(tokenizer: tokenizer, skipSpecial: true)
        // U+9898 in three byte pieces (byte b is piece 3 + b).
        #expect([0xE9, 0xA2, 0x98].map { stream.append(3 + $0) } == ["", "", "\u{9898}"])
        #expect([0xE9, 0xA2].map { stream.append(3 + $0) } == ["", ""])
        #expect(stream.finish() == "\u{FFFD}\u{FFFD}")
    }

    /// What is generated after a prompt is the rest of the whole text: an indentation keeps all of its spaces.
    @Test func generatedTextGoesOnWhereThePromptEnds() throws {
        let tokenizer = try TokenizerLoader.load(folder: Fixtures.url("golden/yuan-tiny"))
        let (prompt, rest) = ("def f(x):\n", "    return x")
        let ids = tokenizer.encode(prompt + rest)
        let newline = try #require(ids.firstIndex(of: 3 + 0x0A))
        func text(after prompt: [Int], _ ids: [Int]) -> String {
            var stream = IncrementalDetokenizer(tokenizer: tokenizer, skipSpecial: true, after: prompt)
            return ids.map { stream.append($0) }.joined() + stream.finish()
        }
        #expect(text(after: Array(ids[...newline]), Array(ids[(newline + 1)...])) == rest)
        // After a special token a text of its own begins.
        let separator = try #require(tokenizer.specialTokens["<sep>"])
        #expect(text(after: ids + [separator], tokenizer.encode("def")) == "def")
    }

    /// Quadratic merging of a million characters would take hours.
    @Test(.timeLimit(.minutes(20))) func longTextsTakeLinearithmicTime() throws {
        let tokenizer = try TokenizerLoader.load(folder: Fixtures.url("golden/yuan-tiny"))
        let text = String(repeating: "def f(x): return x + 1  # 问题\n", count: 32_000)
        let ids = tokenizer.encode(text)
        #expect(sameBytes(tokenizer.decode(ids, skipSpecial: true), text))
    }
}
