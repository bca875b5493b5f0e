import ForeignText
import Foundation

/// Structural checks of tokenizer.json and tokenizer_config.json. (What the tokenizer makes of them is its own affair.)
enum TokenizerValidation {
    private static let sizeLimit = 256 << 20
    private static let idCap = ConfigurationBounds.vocabulary.upperBound

    /// Checks vocabulary, merges and added tokens of a tokenizer.json.
    static func tokenizer(_ url: URL) throws -> ModelDescription.Tokenizer {
        let object = try JSONFile.object(in: url, limit: sizeLimit)
        let check = Check(file: url.relativePath)
        guard let model = object["model"]?.object else { throw check.fault("model must be an object") }
        var ids = try check.vocabulary(model)
        var merges: Int?
        if let list = model["merges"] {
            merges = try check.merges(list, prefix: model["continuing_subword_prefix"]?.string ?? "", Set(ids.keys))
        }
        let names = Dictionary(ids.map { ($0.value, $0.key) }) { first, _ in first }
        var used = Set<Int>()
        for (index, token) in try check.array(object["added_tokens"], "added_tokens").enumerated() {
            let place = "added_tokens[\(index)]"
            guard let content = token.object?["content"]?.string else {
                throw check.fault("content must be a string", place)
            }
            let id = try check.id(token.object?["id"], place)
            let name = ExactString(content)
            // An id of the vocabulary belongs to the token of that name: taken over, it would stand for two texts.
            guard ids[name] ?? id == id, names[id] ?? name == name, used.insert(id).inserted else {
                throw check.fault(
                    "token id \(id) of \(Escaping.quoted(content)) is another token's or not the one in the vocabulary",
                    place)
            }
            ids[name] = id
        }
        for key in ["normalizer", "pre_tokenizer", "decoder", "post_processor"] {
            guard let value = object[key] else { continue }
            guard value.object?["type"]?.string != nil else {
                throw check.fault("\(key) must be an object with a type")
            }
        }
        return .init(kind: model["type"]?.string ?? "BPE", tokens: ids.count, merges: merges)
    }

    /// Checks ids and chat templates of a tokenizer_config.json; returns the (default) template.
    static func configuration(_ url: URL) throws -> String? {
        let object = try JSONFile.object(in: url, limit: HuggingFaceConfiguration.sizeLimit)
        let check = Check(file: url.relativePath)
        if let decoder = object["added_tokens_decoder"] {
            guard let tokens = decoder.object else { throw check.fault("added_tokens_decoder must be an object") }
            for (key, _) in tokens.entries {
                _ = try check.id(JSONValue(Int(key) == nil ? .string(key) : .number(key)), "added_tokens_decoder")
            }
        }
        guard let value = object["chat_template"] else { return nil }
        var templates: [(name: String, text: String)] = []
        if let text = value.string {
            templates = [("default", text)]
        } else {
            for entry in try check.array(value, "chat_template") {
                guard let name = entry.object?["name"]?.string, let text = entry.object?["template"]?.string else {
                    throw check.fault("chat_template must be a string or a list of names and templates")
                }
                templates.append((name, text))
            }
        }
        for (_, text) in templates {
            try TemplateValidation.check(text, file: check.file, place: "chat_template")
        }
        return (templates.first { $0.name == "default" } ?? templates.first)?.text
    }

    private struct Check {
        let file: String

        func fault(_ problem: String, _ place: String = "", found: String = "") -> CheckpointError {
            CheckpointError(
                problem, file: file, place: place, found: found, mend: "download the tokenizer of this model again")
        }

        func array(_ value: JSONValue?, _ key: String) throws -> [JSONValue] {
            guard let value else { return [] }
            guard let array = value.array else { throw fault("\(key) must be an array", found: value.summary) }
            return array
        }

        func id(_ value: JSONValue?, _ place: String) throws -> Int {
            guard let value, value.isWhole else {
                throw fault("the token id must be an integer", place, found: value?.summary ?? "none")
            }
            guard let id = value.integer, id < idCap else {
                throw fault("token id \(value.summary) out of range", place)
            }
            guard id >= 0 else { throw fault("negative token id", place, found: "\(id)") }
            return id
        }

        /// An object of ids (BPE, WordPiece) or an array of pairs of token and score (Unigram).
        func vocabulary(_ model: JSONObject) throws -> [ExactString: Int] {
            var ids: [ExactString: Int] = [:]
            if let object = model["vocab"]?.object {
                var used = Set<Int>()
                for (token, value) in object.entries {
                    let place = "token \(Escaping.quoted(token))"
                    let id = try id(value, place)
                    guard used.insert(id).inserted else { throw fault("token id \(id) is given twice", place) }
                    ids[ExactString(token)] = id
                }
            } else if let pairs = model["vocab"]?.array {
                for (id, pair) in pairs.enumerated() {
                    guard let pair = pair.array, pair.count == 2, let token = pair[0].string, pair[1].double != nil
                    else {
                        throw fault("a vocabulary entry must be a token and a score", "model.vocab[\(id)]")
                    }
                    ids[ExactString(token)] = id
                }
            } else {
                throw fault("model.vocab must be an object or an array")
            }
            return ids
        }

        func merges(_ value: JSONValue, prefix: String, _ vocabulary: Set<ExactString>) throws -> Int {
            let merges = try array(value, "model.merges")
            for (index, merge) in merges.enumerated() {
                let problem: String?
                if let text = merge.string {
                    problem = MergeRule.problem(text, prefix: prefix, vocabulary: vocabulary)
                } else if let pair = merge.array, pair.count == 2, let left = pair[0].string, let right = pair[1].string
                {
                    problem = MergeRule.problem(left, right, prefix: prefix, vocabulary: vocabulary)
                } else {
                    problem = "malformed merge: it must be a string or a pair of strings"
                }
                if let problem { throw fault(problem, "model.merges[\(index)]") }
            }
            return merges.count
        }
    }
}
