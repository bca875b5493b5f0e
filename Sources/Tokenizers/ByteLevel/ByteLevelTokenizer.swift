import Foundation

/// Byte-level byte-pair encoding (GPT-2 and its descendants).
struct ByteLevelTokenizer: Tokenizer {
    let vocabulary: BytePairVocabulary
    let preTokenizer: PreTokenizer
    /// Unicode normal form C before cutting (Qwen2).
    let normalizesToNFC: Bool
    /// Added tokens looked for in the raw text, and those looked for in the normalised one.
    let splitter: AddedTokenSplitter
    let normalizedSplitter: AddedTokenSplitter
    let specialIDs: Set<Int>
    let specialTokens: [String: Int]
    let eosTokenIDs: [Int]
    let bosTokenID: Int?
    let addsBOS: Bool
    /// Between decoded tokens of a tokenizer without decoder.
    let separator: String
    let summary: String

    var vocabularySize: Int { vocabulary.tokens.count }

    init(
        vocabulary: BytePairVocabulary, preTokenizer: PreTokenizer, normalizesToNFC: Bool, added: [AddedToken],
        bosTokenID: Int?, eosTokenIDs: [Int], addsBOS: Bool, separator: String = ""
    ) {
        var vocabulary = vocabulary
        for token in added { vocabulary.setAdded(token) }
        self.vocabulary = vocabulary
        self.preTokenizer = preTokenizer
        self.normalizesToNFC = normalizesToNFC
        splitter = AddedTokenSplitter(added.filter { !$0.normalized }, stripsSeparators: false)
        normalizedSplitter = AddedTokenSplitter(added.filter(\.normalized), stripsSeparators: false)
        let special = added.filter(\.special)
        specialIDs = Set(special.map(\.id))
        specialTokens = Dictionary(special.map { ($0.content, $0.id) }) { first, _ in first }
        self.bosTokenID = bosTokenID
        self.eosTokenIDs = eosTokenIDs
        self.addsBOS = addsBOS
        self.separator = separator
        summary =
            "\(preTokenizer.isByteLevel ? "byte-level BPE" : "character BPE"), \(vocabulary.tokens.count) tokens, "
            + "\(special.count) special" + (normalizesToNFC ? ", NFC" : "")
    }

    func encode(_ text: String) -> [Int] {
        let scalars = Array(text.unicodeScalars)
        var ids: [Int] = []
        for part in splitter.split(scalars) {
            switch part {
            case .token(let id): ids.append(id)
            case .text(let range):
                let segment = normalizesToNFC ? NormalFormC.of(scalars[range]) : Array(scalars[range])
                for inner in normalizedSplitter.split(segment) {
                    switch inner {
                    case .token(let id): ids.append(id)
                    case .text(let range): encode(Array(segment[range]), into: &ids)
                    }
                }
            }
        }
        return ids
    }

    private func encode(_ segment: [Unicode.Scalar], into ids: inout [Int]) {
        var segment = segment
        if preTokenizer.addsPrefixSpace, segment.first != " " { segment.insert(" ", at: 0) }
        for word in preTokenizer.words(segment) { vocabulary.encode(segment[word], into: &ids) }
    }

    func id(of token: String) -> Int? { vocabulary.id(of: token) }

    func bytes(of id: Int) -> [UInt8]? {
        vocabulary.tokens.indices.contains(id) ? vocabulary.tokens[id] : nil
    }

    func textStream(skipSpecial: Bool) -> any TokenTextStream {
        ByteLevelStream(
            tokens: vocabulary.tokens, skipped: skipSpecial ? specialIDs : [], separator: Array(separator.utf8))
    }
}

/// Joins the bytes of tokens and emits whole characters.
struct ByteLevelStream: TokenTextStream {
    let tokens: [[UInt8]?]
    let skipped: Set<Int>
    let separator: [UInt8]
    private var text = UTF8Stream(repair: .maximalSubpart)
    private var isFirst = true

    init(tokens: [[UInt8]?], skipped: Set<Int>, separator: [UInt8]) {
        self.tokens = tokens
        self.skipped = skipped
        self.separator = separator
    }

    mutating func append(_ id: Int) -> String {
        guard !skipped.contains(id), tokens.indices.contains(id), let bytes = tokens[id] else { return "" }
        defer { isFirst = false }
        return text.append(isFirst ? bytes : separator + bytes)
    }

    mutating func finish() -> String { text.flush() }
}
