import Foundation
import TestSupport
import Testing

@testable import Tokenizers

@Suite struct DamagedFileTests {
    private func failure(_ json: String) -> String {
        do {
            let folder = try TemporaryFolder()
            try folder.write("tokenizer.json", json)
            _ = try TokenizerLoader.load(folder: folder.url)
            return "loaded"
        } catch { return "\(error)" }
    }

    @Test(arguments: [
        (#"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}"#, "loaded"),
        (#"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]}}"#, "loaded"),
        (#"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["x y"]}}"#, "merge 'x y' not in vocabulary"),
        (
            #"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}}"#,
            "makes a token not in vocabulary"
        ),
        (#"{"model": {"type": "BPE", "vocab": {"a": 4294967295}, "merges": []}}"#, "token id 4294967295 out of range"),
        (#"{"model": {"vocab": {"a": -1}, "merges": []}}"#, "negative token id"),
        (#"{"model": {"vocab": {"a": 1.5}, "merges": []}}"#, "not an integer"),
        (#"{"model": {"vocab": {"a": 0, "b": 0}, "merges": []}}"#, "id 0 is given twice"),
        (#"{"model": {"vocab": {"a": 0, "a": 1}, "merges": []}}"#, "'a' occurs twice"),
        (#"{"model": {"vocab": {"a": 0, " ": 1}, "merges": ["a  ", " "]}}"#, "malformed merge"),
        (#"{"model": {"type": "WordPiece", "vocab": {"a": 0}, "merges": []}}"#, "'WordPiece' is not supported"),
        (#"{"model": {"vocab": {"a": 0}, "merges": [], "byte_fallback": true}}"#, "byte_fallback is not supported"),
        (#"{"model": {"vocab": {"a": 0}, "merges": [], "unk_token": "u"}}"#, "unk_token 'u' not in vocabulary"),
        (
            #"{"model": {"vocab": {"a": 0}, "merges": []}, "normalizer": {"type": "Lowercase"}}"#,
            "'Lowercase' is not supported"
        ),
        (#"{"model": {"vocab": {"a": 0}, "merges": []}, "decoder": {"type": "WordPiece"}}"#, "decoder 'WordPiece'"),
        (
            #"{"model": {"vocab": {"a": 0}, "merges": []}, "post_processor": {"type": "BertProcessing"}}"#,
            "'BertProcessing'"
        ),
        (
            #"{"model": {"vocab": {"a": 0}, "merges": []}, "added_tokens": [{"id": 0, "content": "b"}, {"id": 0, "content": "c"}]}"#,
            "ids must be unique"
        ),
        (
            #"{"model": {"vocab": {"a": 0}, "merges": []}, "added_tokens": [{"id": 1, "content": "b"}, {"id": 1, "content": "c"}]}"#,
            "ids must be unique"
        ),
        (
            #"{"model": {"vocab": {"a": 0, "b": 1}, "merges": []}, "added_tokens": [{"id": 1, "content": "c"}]}"#,
            "'c' has id 1, which is another token's"
        ),
        (
            #"{"model": {"vocab": {"a": 0, "b": 1}, "merges": []}, "added_tokens": [{"id": 1, "content": "b"}]}"#,
            "loaded"
        ),
        (
            #"{"model": {"vocab": {"a": 0}, "merges": []}, "added_tokens": [{"id": 1, "content": "\#(String(repeating: "b", count: 4097))"}]}"#,
            "has 4097 bytes, expected at most 4096"
        ),
        (
            #"{"model": {"vocab": {"a": 0}, "merges": []}, "added_tokens": [{"id": 99999999999, "content": "b"}]}"#,
            "out of range"
        ),
        (
            #"{"model": {"vocab": {"a": 0}, "merges": []}, "added_tokens": [{"id": 1, "content": ""}]}"#,
            "lacks 'content'"
        ),
        (#"{"model": {"vocab": {}, "merges": []}}"#, "no object with tokens"), ("[]", "no object 'model'"),
        ("", "the end of the text"),
        (#"{"model": NaN}"#, "invalid JSON"), (String(repeating: "[", count: 100_000), "nesting too deep"),
    ])
    func tokenizerJSONIsChecked(_ json: String, _ reason: String) {
        let message = failure(json)
        #expect(message.contains(reason), "\(json.prefix(200)): \(message)")
        #expect(reason == "loaded" || message.hasPrefix("tokenizer.json: "))
    }

    /// The collection of damaged models beside the checkout, with what must be said about each.
    @Test(
        .enabled(if: Fixtures.shared("corpus/badmodels/manifest.json") != nil, "needs the corpus beside the checkout"))
    func corpusIsHandled() throws {
        struct Entry: Decodable {
            var file: String
            var expect: String
            var mustSay: String
        }
        let manifest = try #require(Fixtures.shared("corpus/badmodels/manifest.json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let entries = try decoder.decode([Entry].self, from: Data(contentsOf: manifest)).filter {
            $0.file.hasPrefix("tok_")
        }
        #expect(entries.count == 8)
        for entry in entries {
            let folder = manifest.deletingLastPathComponent().appendingPathComponent(entry.file)
                .deletingLastPathComponent()
            var said = ""
            do {
                if TokenizerLoader.isPresent(in: folder) { _ = try TokenizerLoader.load(folder: folder) }
                _ = try ChatTemplate.load(folder: folder)?.render(
                    messages: [("user", "Hi")], addGenerationPrompt: true, variables: [:])
            } catch { said = "\(error)" }
            if entry.expect == "ok" { #expect(said.isEmpty, "\(entry.file): \(said)") }
            #expect(said.contains(entry.mustSay) || entry.mustSay.isEmpty, "\(entry.file): \(said)")
        }
    }

    @Test func damagedSentencePieceModelsNeverCrash() throws {
        let whole = Array(try Data(contentsOf: Fixtures.url("golden/yuan-tiny/tokenizer.model")))
        var generator = SplitMix(state: 3)
        var refused = 0
        for round in 0..<400 {
            var bytes = whole
            if round % 2 == 0 { bytes = Array(bytes.prefix(generator.below(bytes.count))) }
            for _ in 0..<(1 + generator.below(6)) where !bytes.isEmpty {
                bytes[generator.below(bytes.count)] = UInt8(truncatingIfNeeded: generator.next())
            }
            do {
                let model = try SentencePieceModel(bytes, file: "tokenizer.model")
                let ids = try SentencePieceEncoder(model, file: "tokenizer.model").encode(
                    Array("def f(x): 问题 12".unicodeScalars))
                #expect(ids.allSatisfy(model.pieces.indices.contains))
            } catch {
                refused += 1
                #expect("\(error)".hasPrefix("tokenizer.model: "))
            }
        }
        #expect(refused > 100)
    }

    @Test func sentencePieceSettingsAreNotGuessed() {
        func failure(_ bytes: [UInt8]) -> String {
            do {
                _ = try SentencePieceModel(bytes, file: "m")
                return ""
            } catch { return "\(error)" }
        }
        let piece: [UInt8] = [0x0A, 0x03, 0x0A, 0x01, 0x61]
        #expect(failure(piece).contains("unigram"))
        #expect(failure(piece + [0x12, 0x02, 0x18, 0x02]).isEmpty)
        #expect(failure(piece + [0x12, 0x05, 0x18, 0x02, 0xC0, 0x01, 0x01]).contains("treat_whitespace_as_suffix"))
        #expect(
            failure(piece + [0x12, 0x02, 0x18, 0x02, 0x1A, 0x03, 0x12, 0x01, 0x00]).contains("rewrites characters"))
        #expect(
            failure([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]).contains("longer than its message"))
        #expect(failure([UInt8](repeating: 0xFF, count: 20)).contains("64 bits"))
        #expect(failure([]).contains("no pieces"))
    }

    private func gguf(_ change: (inout GGUFVocabulary) -> Void) -> String {
        var vocabulary = GGUFVocabulary(
            model: "llama", pre: nil, tokens: ["<unk>", "<s>", "</s>", "\u{2581}", "a", "\u{2581}a"],
            scores: [0, 0, 0, -2, -3, -1], types: [2, 3, 3, 1, 1, 1], merges: [], bosID: 1, eosID: 2, unkID: 0,
            padID: nil, addBOS: nil, addSpacePrefix: nil, chatTemplate: nil)
        change(&vocabulary)
        do {
            let tokenizer = try TokenizerLoader.load(gguf: vocabulary)
            return "\(tokenizer.encode("a a</s>a")) \(tokenizer.decode([5, 5, 2, 5], skipSpecial: true))"
        } catch { return "\(error)" }
    }

    @Test func ggufVocabulariesAreChecked() {
        #expect(gguf { _ in } == "[5, 5, 2, 5] a a a")
        #expect(gguf { $0.addSpacePrefix = false } == "[4, 5, 2, 4]  a a a")
        #expect(gguf { $0.bosID = 6 }.contains("bos_token_id out of vocabulary"))
        #expect(gguf { $0.eosID = -1 }.contains("eos_token_id out of vocabulary"))
        #expect(gguf { $0.scores = [] }.contains("tokenizer.ggml.scores"))
        #expect(gguf { $0.scores = [1] }.contains("1 entries for 6 tokens"))
        #expect(gguf { $0.types = [1, 2] }.contains("2 entries for 6 tokens"))
        #expect(gguf { $0.types[4] = 9 }.contains("type 9"))
        #expect(gguf { $0.scores[4] = .nan }.contains("token 4"))
        #expect(gguf { $0.tokens[4] = "\u{2581}" }.contains("occurs twice"))
        #expect(gguf { $0.tokens = [] }.contains("no tokens"))
        #expect(gguf { $0.model = "bert" }.contains("'bert' is not supported"))
        #expect(gguf { $0.model = "gpt2" }.contains("no pre-tokenizer named"))
        #expect(gguf { ($0.model, $0.pre) = ("gpt2", "dbrx") }.contains("'dbrx' is not supported"))
    }

    @Test func missingFilesAreNamed() throws {
        let folder = try TemporaryFolder()
        #expect(!TokenizerLoader.isPresent(in: folder.url))
        let error = #expect(throws: TokenizerError.self) { try TokenizerLoader.load(folder: folder.url) }
        #expect(error?.message.contains("neither tokenizer.model nor tokenizer.json") ?? false)
    }
}
