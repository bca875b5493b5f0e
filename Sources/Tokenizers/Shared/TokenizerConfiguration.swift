import ForeignText
import Foundation

/// What `tokenizer_config.json` and `special_tokens_map.json` say.
struct TokenizerConfiguration: Sendable {
    struct NamedToken: Sendable {
        var content: String
        var stripsLeft = false
        var stripsRight = false
        /// A plain string rather than an object with flags.
        var isBare = true
    }

    static let roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"]

    /// Special tokens by role (`bos_token` …).
    var named: [String: NamedToken] = [:]
    var additional: [NamedToken] = []
    /// `added_tokens_decoder` and `added_tokens.json`.
    var added: [AddedToken] = []
    var addsBOS: Bool?
    var tokenizerClass: String?
    /// `model_type` of the folder's `config.json`.
    var modelType: String?

    init() {}

    init(folder: URL) throws {
        let file = "tokenizer_config.json"
        if let json = try TokenizerFile.json(folder.appendingPathComponent(file)) {
            guard json.object != nil else {
                throw TokenizerError("\(file): expected an object at the top level; write { … }")
            }
            try readRoles(json, file: file)
            addsBOS = json["add_bos_token"]?.bool
            tokenizerClass = json["tokenizer_class"]?.string
            for (key, value) in json["added_tokens_decoder"]?.object?.entries ?? [] {
                guard let id = Int(key), id >= 0, id < SentencePieceModel.maximumPieces else {
                    throw TokenizerError("\(file): added token id \(quoted(key)) out of range; write a vocabulary id")
                }
                guard let content = value["content"]?.string, !content.isEmpty else {
                    throw TokenizerError("\(file): added token \(id) has no content; give it its text")
                }
                added.append(
                    try AddedToken(
                        content: content, id: id, special: value["special"]?.bool ?? false,
                        stripsLeft: value["lstrip"]?.bool ?? false, stripsRight: value["rstrip"]?.bool ?? false
                    ).checked(file: file))
            }
        }
        if let json = try TokenizerFile.json(folder.appendingPathComponent("special_tokens_map.json")) {
            try readRoles(json, file: "special_tokens_map.json")
        }
        let added = try TokenizerFile.json(folder.appendingPathComponent("added_tokens.json"))
        for (content, value) in added?.object?.entries ?? [] {
            guard let id = value.integer, id >= 0, id < SentencePieceModel.maximumPieces, !content.isEmpty else {
                throw TokenizerError(
                    "added_tokens.json: \(quoted(content)) has no id in 0..<\(SentencePieceModel.maximumPieces); write "
                        + "its vocabulary id")
            }
            if !self.added.contains(where: { $0.id == id }) {
                self.added.append(try AddedToken(content: content, id: id).checked(file: "added_tokens.json"))
            }
        }
        modelType = try TokenizerFile.json(folder.appendingPathComponent("config.json"))?["model_type"]?.string
    }

    private mutating func readRoles(_ json: JSONValue, file: String) throws {
        for role in Self.roles where named[role] == nil {
            if let value = json[role] { named[role] = try Self.token(value, role: role, file: file) }
        }
        for value in json["additional_special_tokens"]?.array ?? [] {
            let token = try Self.token(value, role: "additional_special_tokens", file: file)
            if !additional.contains(where: { $0.content == token.content }) { additional.append(token) }
        }
    }

    private static func token(_ value: JSONValue, role: String, file: String) throws -> NamedToken {
        if let content = value.string { return NamedToken(content: content) }
        guard let content = value["content"]?.string else {
            throw TokenizerError("\(file): \(role) must be a string or an object with 'content'; write it so")
        }
        return NamedToken(
            content: content, stripsLeft: value["lstrip"]?.bool ?? false, stripsRight: value["rstrip"]?.bool ?? false,
            isBare: false)
    }
}
