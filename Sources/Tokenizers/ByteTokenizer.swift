/// Stands in for the tokenizer of a model that has none: ids 0 to 255 are the bytes of UTF-8, others name nothing.
package struct ByteTokenizer: Tokenizer {
    package let vocabularySize = 256
    package let specialTokens: [String: Int] = [:]
    package let eosTokenIDs: [Int] = []
    package let bosTokenID: Int? = nil
    package let addsBOS = false
    package let summary = "bytes (stand-in), 256 tokens"

    package init() {}

    package func encode(_ text: String) -> [Int] { text.utf8.map(Int.init) }

    /// `<0x41>`, as sentencepiece names its byte pieces.
    package func id(of token: String) -> Int? {
        guard token.count == 6, token.hasPrefix("<0x"), token.hasSuffix(">") else { return nil }
        return UInt8(token.dropFirst(3).dropLast(), radix: 16).map(Int.init)
    }

    package func bytes(of id: Int) -> [UInt8]? { UInt8(exactly: id).map { [$0] } }

    package func textStream(skipSpecial: Bool) -> any TokenTextStream { Stream() }

    private struct Stream: TokenTextStream {
        private var text = UTF8Stream(repair: .maximalSubpart)

        mutating func append(_ id: Int) -> String { UInt8(exactly: id).map { text.append([$0]) } ?? "" }
        mutating func finish() -> String { text.flush() }
    }
}
