/// A token that is cut out of the text before anything is split.
struct AddedToken: Sendable {
    var content: String
    var id: Int
    /// Left out of decoded text on request.
    var special = true
    /// Swallows whitespace before or after it.
    var stripsLeft = false
    var stripsRight = false
    /// Looked for in the normalised text instead of the raw one.
    var normalized = false

    /// Bytes of the longest content: it is looked for at every place of a text, and a repetition of one letter would be
    /// compared in full at each of them.
    static let longestContent = 4096

    /// The token, if its content is short enough.
    func checked(file: String) throws -> AddedToken {
        guard content.utf8.count <= Self.longestContent else {
            throw TokenizerError(
                "\(file): added token \(id) \(quoted(content)) has \(content.utf8.count) bytes, expected at most "
                    + "\(Self.longestContent); use another tokenizer")
        }
        return self
    }
}

/// Cuts added tokens out of a text: leftmost first, the longest where several begin at one place.
struct AddedTokenSplitter: Sendable {
    enum Part: Equatable {
        case text(Range<Int>)
        case token(Int)
    }

    private struct Node: Sendable {
        var children: [Unicode.Scalar: Int] = [:]
        var token = -1
    }

    private var nodes = [Node()]
    private let tokens: [AddedToken]
    /// The four separators U+001C–U+001F are whitespace to Python, not to the `tokenizers` library.
    private let stripsSeparators: Bool

    init(_ tokens: [AddedToken], stripsSeparators: Bool) {
        self.tokens = tokens
        self.stripsSeparators = stripsSeparators
        for (index, token) in tokens.enumerated() where !token.content.isEmpty {
            var node = 0
            for scalar in token.content.unicodeScalars {
                if let next = nodes[node].children[scalar] {
                    node = next
                } else {
                    nodes.append(Node())
                    nodes[node].children[scalar] = nodes.count - 1
                    node = nodes.count - 1
                }
            }
            nodes[node].token = index
        }
    }

    /// The parts of `text` in order; texts are never empty.
    func split(_ text: [Unicode.Scalar]) -> [Part] {
        guard nodes.count > 1 else { return text.isEmpty ? [] : [.text(0..<text.count)] }
        var parts: [Part] = []
        var begin = 0
        var position = 0
        while position < text.count {
            guard let (token, end) = match(text, at: position) else {
                position += 1
                continue
            }
            var textEnd = position
            if token.stripsLeft {
                while textEnd > begin, isSpace(text[textEnd - 1]) { textEnd -= 1 }
            }
            if textEnd > begin { parts.append(.text(begin..<textEnd)) }
            parts.append(.token(token.id))
            position = end
            if token.stripsRight {
                while position < text.count, isSpace(text[position]) { position += 1 }
            }
            begin = position
        }
        if begin < text.count { parts.append(.text(begin..<text.count)) }
        return parts
    }

    private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        stripsSeparators ? scalar.isStrippedSpace : scalar.properties.isWhitespace
    }

    private func match(_ text: [Unicode.Scalar], at start: Int) -> (AddedToken, Int)? {
        var node = 0
        var position = start
        var found: (AddedToken, Int)?
        while position < text.count, let next = nodes[node].children[text[position]] {
            node = next
            position += 1
            if nodes[node].token >= 0 { found = (tokens[nodes[node].token], position) }
        }
        return found
    }
}

extension Unicode.Scalar {
    /// What Python's `str.strip` removes: White_Space and the four separators U+001C–U+001F.
    var isStrippedSpace: Bool {
        if value < 0x80 { return value == 0x20 || (0x09...0x0D).contains(value) || (0x1C...0x1F).contains(value) }
        return properties.isWhitespace
    }
}

extension String {
    init(scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
