/// Text to token ids and back.
package protocol Tokenizer: Sendable {
    /// Number of nameable ids: every token has an id below it. A model's embedding may have more rows (padding).
    var vocabularySize: Int { get }
    /// Special tokens by their text: they are cut out of the text verbatim before anything is split.
    var specialTokens: [String: Int] { get }
    /// Ids that end a text, the usual one first.
    var eosTokenIDs: [Int] { get }
    var bosTokenID: Int? { get }
    /// Whether plain text is to be preceded by `bosTokenID`; `encode` itself never adds it.
    var addsBOS: Bool { get }
    /// One line that says what kind of tokenizer this is.
    var summary: String { get }

    /// The ids of a text, special tokens in it recognised, without begin- or end-of-text ids.
    func encode(_ text: String) -> [Int]
    /// The id of a token by its name in the vocabulary (`<eod>`, `▁the`, `Ġthe`).
    func id(of token: String) -> Int?
    /// The bytes a token stands for in the middle of a text; nil where the id names no token.
    func bytes(of id: Int) -> [UInt8]?
    /// Turns ids into text one at a time. `decode` is defined by it.
    func textStream(skipSpecial: Bool) -> any TokenTextStream
}

extension Tokenizer {
    /// The text of `ids`; ids that name no token are passed over.
    package func decode(_ ids: [Int], skipSpecial: Bool) -> String {
        var stream = textStream(skipSpecial: skipSpecial)
        var text = ""
        for id in ids { text += stream.append(id) }
        return text + stream.finish()
    }
}

/// Decodes a sequence of ids. What `append` and `finish` return, joined, is the text of the whole sequence.
package protocol TokenTextStream: Sendable {
    /// The text that has become certain with this id: whole characters only, often empty within a character.
    mutating func append(_ id: Int) -> String
    /// What is still held back; incomplete characters become U+FFFD.
    mutating func finish() -> String
}

/// Decodes ids as they are generated, never half a character.
package struct IncrementalDetokenizer: Sendable {
    private var stream: any TokenTextStream

    /// - Parameter prompt: the ids before the first one appended. Text goes on where they end: sentencepiece drops the
    ///   space before a text's first word, which in the middle of a text, at an indentation say, belongs to it. A special
    ///   token begins a text of its own.
    package init(tokenizer: any Tokenizer, skipSpecial: Bool, after prompt: [Int] = []) {
        stream = tokenizer.textStream(skipSpecial: skipSpecial)
        let special = Set(tokenizer.specialTokens.values).union(
            tokenizer.eosTokenIDs + [tokenizer.bosTokenID].compactMap(\.self))
        let start = prompt.lastIndex(where: special.contains).map { $0 + 1 } ?? 0
        for id in prompt[start...] { _ = stream.append(id) }
    }

    /// The text that has become certain with this id.
    package mutating func append(_ id: Int) -> String { stream.append(id) }

    /// What is still held back, at the end of the sequence.
    package mutating func finish() -> String { stream.finish() }
}
