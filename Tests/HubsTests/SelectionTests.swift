import Testing

@testable import Hubs

@Suite struct SelectionTests {
    private func choose(_ names: [String], wanted: String? = nil) throws -> [String] {
        let files = try names.map { name in
            try #require(
                try RemoteFile(
                    path: name, size: 10, sha256: String(repeating: "a", count: 64), gitBlob: nil, place: "here"))
        }
        return try CheckpointSelection.choose(files, wanted: wanted, model: RepositoryName("a/b")).map(\.name).sorted()
    }

    @Test func onlyWhatACheckpointNeedsIsFetched() throws {
        #expect(
            try choose([
                "README.md", "config.json", "yuan_hf_model.py", "tokenizer.model", "pytorch_model.bin", "optimizer.pt",
                "model.safetensors", "training_args.bin", "consolidated.safetensors",
            ]) == ["config.json", "model.safetensors", "tokenizer.model"])
        #expect(
            try choose([
                "config.json", "pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin",
                "pytorch_model.bin.index.json",
            ]).count == 4)
        #expect(try choose(["config.json", "x.gguf"]) == ["x.gguf"])
        #expect(try choose(["a.gguf", "b.gguf"], wanted: "b.gguf") == ["b.gguf"])
    }

    @Test func choicesAreTheUsers() throws {
        for (names, wanted) in [
            (["a.gguf", "b.gguf"], nil), (["a.gguf"], "c.gguf"), (["README.md"], nil), (["model.safetensors"], nil),
        ] as [([String], String?)] {
            #expect(throws: HubError.self) { try choose(names, wanted: wanted) }
        }
    }
}
