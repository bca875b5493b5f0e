import Foundation

/// Opens the tokenizer of a checkpoint.
package enum TokenizerLoader {
    /// Whether a folder has a tokenizer file.
    package static func isPresent(in folder: URL) -> Bool {
        ["tokenizer.model", "tokenizer.json"].contains {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
        }
    }

    /// Loads `tokenizer.model` (sentencepiece BPE) or else `tokenizer.json` (byte-level BPE).
    ///
    /// - Parameters:
    ///   - family: the model's architecture or type; a name with "yuan" in it selects Yuan2's recipe. Without it, the
    ///     folder's `config.json` decides, or else Yuan2's own pieces in the vocabulary.
    ///   - whitespace: what happens to whitespace around added tokens (sentencepiece only).
    /// - Throws: `TokenizerError` naming the file and what is wrong with it.
    package static func load(
        folder: URL, family: String? = nil, whitespace: AddedTokenWhitespace = .strip
    ) throws -> any Tokenizer {
        let configuration = try TokenizerConfiguration(folder: folder)
        let model = folder.appendingPathComponent("tokenizer.model")
        if FileManager.default.fileExists(atPath: model.path) {
            return try sentencePiece(model, configuration, family: family, whitespace: whitespace)
        }
        if let json = try TokenizerFile.json(folder.appendingPathComponent("tokenizer.json")) {
            return try TokenizerJSON(json, file: "tokenizer.json").tokenizer(configuration: configuration)
        }
        throw TokenizerError(
            "\(folder.lastPathComponent): neither tokenizer.model nor tokenizer.json; put the model's tokenizer there")
    }

    private static func sentencePiece(
        _ url: URL, _ configuration: TokenizerConfiguration, family: String?, whitespace: AddedTokenWhitespace
    ) throws -> any Tokenizer {
        let file = url.lastPathComponent
        let model = try SentencePieceModel(TokenizerFile.bytes(url), file: file)
        let encoder = try SentencePieceEncoder(model, file: file)
        let isYuan =
            (family ?? configuration.modelType).map { $0.lowercased().contains("yuan") }
            ?? YuanRecipe.matches(encoder)
        if isYuan {
            return try YuanRecipe.tokenizer(
                model: model, encoder: encoder, configuration: configuration, whitespace: whitespace, file: file)
        }
        return try LlamaRecipe.tokenizer(
            model: model, encoder: encoder, configuration: configuration, whitespace: whitespace)
    }
}
