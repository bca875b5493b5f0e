import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// config.json beyond the goldens: what is refused, and why.
struct ConfigurationTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func read(_ changes: [String: String], base: String = "llama", generation: String? = nil) throws
        -> ModelConfiguration
    {
        var values = [
            "model_type": "\"\(base)\"", "hidden_size": "64", "num_attention_heads": "4", "num_key_value_heads": "2",
            "num_hidden_layers": "2", "vocab_size": "100", "intermediate_size": "128", "max_position_embeddings": "128",
        ]
        values.merge(changes) { $1 }
        let body = values.filter { !$0.value.isEmpty }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
        try folder.write("config.json", "{\(body)}")
        if let generation { try folder.write("generation_config.json", generation) }
        return try HuggingFaceConfiguration.read(folder: folder.url)
    }

    private func message(_ changes: [String: String], base: String = "llama", generation: String? = nil) -> String {
        do {
            return "accepted: \(try read(changes, base: base, generation: generation))"
        } catch {
            return "\(error)"
        }
    }

    @Test func defaults() throws {
        let configuration = try read(["num_key_value_heads": "", "max_position_embeddings": "null"])
        #expect(configuration.kvHeadCount == 4 && configuration.headDim == 16 && configuration.maxPositions == 2048)
        #expect(!configuration.tieWordEmbeddings && configuration.eosTokenIDs.isEmpty)
        #expect(configuration.rmsNormEpsilon == 1e-6 && configuration.ropeTheta == 10000)
        #expect(try read(["head_dim": "32"]).headDim == 32)
        #expect(try read(["head_dim": "32", "hidden_size": "66"]).headDim == 32)
    }

    @Test func endTokensOfBothFiles() throws {
        let configuration = try read(
            ["eos_token_id": "[7, 3]", "pad_token_id": "-1"], generation: #"{"eos_token_id": [3, 9]}"#)
        #expect(configuration.eosTokenIDs == [3, 7, 9] && configuration.padTokenID == nil)
        #expect(message(["eos_token_id": "100"]).contains("eos_token_id out of vocabulary"))
        #expect(message([:], generation: #"{"eos_token_id": 100}"#).contains("generation_config.json"))
    }

    @Test func ropeScaling() throws {
        let llama3 = """
            {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
             "original_max_position_embeddings": 8192, "rope_theta": 500000.0}
            """
        let expected = RopeScaling(
            factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalMaxPositions: 8192)
        #expect(try read(["rope_scaling": llama3]).ropeScaling == expected)
        let newer = try read(["rope_parameters": llama3])
        #expect(newer.ropeScaling == expected && newer.ropeTheta == 500_000)
        #expect(try read(["rope_parameters": #"{"rope_type": "default", "rope_theta": 7}"#]).ropeScaling == nil)
        #expect(message(["rope_scaling": #"{"type": "yarn", "factor": 4.0}"#]).contains("'yarn' is not supported"))
        #expect(message(["rope_scaling": #"{"rope_type": "llama3"}"#]).contains("rope_scaling.factor is missing"))
    }

    @Test func refusals() {
        #expect(message([:]).hasPrefix("accepted"))
        for (changes, reason) in [
            (["hidden_size": "66"], "hidden_size is not a multiple of num_attention_heads"),
            (["hidden_size": "60"], "head_dim must be even"),
            (["hidden_size": "99999999999999999999"], "hidden_size must be <="),
            (["num_key_value_heads": "3"], "num_attention_heads is not a multiple of num_key_value_heads"),
            (["vocab_size": ""], "vocab_size is missing"),
            (["hidden_act": "\"gelu\""], "hidden_act must be silu"),
            (["rms_norm_eps": "0"], "rms_norm_eps must lie in"),
            (["rope_theta": "1e400"], "invalid JSON"),
            (["tie_word_embeddings": "1"], "tie_word_embeddings must be true or false"),
            (["model_type": "\"gemma\""], "architecture 'gemma' is not supported"),
            (["model_type": "\"\\u001b[2J\""], "architecture '\\u{1b}[2J' is not supported"),
            (["use_sliding_window": "true"], "use_sliding_window"),
            (["attention_bias": "true"], "attention_bias = true is not supported"),
            (["quantization_config": "{}"], "quantization_config is not supported"),
        ] {
            let text = message(changes)
            #expect(text.contains(reason) && text.contains("config.json"), "\(changes): \(text)")
        }
        #expect(message(["use_shareqk": "true"], base: "yuan").contains("use_shareqk = true is not supported"))
        #expect(message([:], base: "yuan").contains("eod_token is missing"))
        #expect(message(["eod_token": "100"], base: "yuan").contains("eod_token must be <= 99"))
    }

    @Test func strictJSON() throws {
        for text in [
            "", "{", "[1", #"{"a":1,}"#, #"{"a":1,"a":2}"#, "{\"a\":\"\u{1}\"}", #"{"a":"\ud800"}"#, #"{"a":01}"#,
            "{} x",
            #"{"a":.5}"#, #"{"a":nul}"#, #"{"a" 1}"#, #"{"a":"\x"}"#, #"{"a":1e}"#, "\u{feff}{}",
        ] {
            let url = try folder.write("bad.json", text)
            #expect(throws: CheckpointError.self, "\(text)") { try JSONFile.object(in: url, limit: 1000) }
        }
        let url = try folder.write(
            "good.json", #" {"a": [1, -2.5e1, "\u00e9\ud83d\ude00\n\/é"], "\u0062": {}, "c": null} "#)
        let object = try JSONFile.object(in: url, limit: 1000)
        #expect(object.entries.map(\.key) == ["a", "b", "c"] && object["c"] == nil)
        let values = try #require(object["a"]?.array)
        #expect(values[0].integer == 1 && values[1].double == -25 && values[2].string == "é😀\n/é")
        #expect(throws: CheckpointError.self) { try JSONFile.object(in: url, limit: 10) }
    }
}
