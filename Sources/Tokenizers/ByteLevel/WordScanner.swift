/// The regular expressions with which byte-level tokenizers cut text into words, as scanners written by hand.
enum WordScanner: Sendable, Equatable {
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    case gpt2
    /// `(?i:'s|…|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`:
    /// Llama 3 with up to three digits in a word, Qwen2 with one.
    case llama3(digits: Int)

    /// The scanner for a regular expression as `tokenizer.json` spells it; nil when it is not known.
    init?(pattern: String) {
        let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
        let rest = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
        let words = "| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
        switch pattern {
        case "'s|'t|'re|'ve|'m|'ll|'d" + words, "'(?:[sdmt]|ll|ve|re)" + words: self = .gpt2
        case contractions + "{1,3}" + rest: self = .llama3(digits: 3)
        case contractions + rest: self = .llama3(digits: 1)
        default: return nil
        }
    }

    /// The words of `text[range]` in order; together they are the whole range.
    func words(_ text: [Unicode.Scalar], _ range: Range<Int>) -> [Range<Int>] {
        let classes = text[range].map(CharacterClass.init)
        let scan = Scan(text: text, offset: range.lowerBound, classes: classes)
        var words: [Range<Int>] = []
        var position = 0
        while position < classes.count {
            let end =
                switch self {
                case .gpt2: scan.gpt2(position)
                case .llama3(let digits): scan.llama3(position, digits: digits)
                }
            words.append(range.lowerBound + position..<range.lowerBound + end)
            position = end
        }
        return words
    }
}

/// What the regular expressions tell apart.
enum CharacterClass: UInt8, Sendable {
    case letter
    case number
    case lineBreak
    case space
    case other

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A: self = .letter
        case 0x30...0x39: self = .number
        case 0x0A, 0x0D: self = .lineBreak
        case 0x20, 0x09, 0x0B, 0x0C: self = .space
        case 0x00..<0x80: self = .other
        default:
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
            case .decimalNumber, .letterNumber, .otherNumber: self = .number
            default: self = scalar.properties.isWhitespace ? .space : .other
            }
        }
    }

    var isWhitespace: Bool { self == .space || self == .lineBreak }
}

/// Each function returns the end of the word that begins at a position; it is always beyond it.
private struct Scan {
    let text: [Unicode.Scalar]
    let offset: Int
    let classes: [CharacterClass]

    private func scalar(_ position: Int) -> Unicode.Scalar { text[offset + position] }

    private func run(_ start: Int, while condition: (CharacterClass) -> Bool) -> Int {
        var end = start
        while end < classes.count, condition(classes[end]) { end += 1 }
        return end
    }

    func gpt2(_ start: Int) -> Int {
        if let end = contraction(start, ignoringCase: false) { return end }
        // ` ?` before letters, numbers or others: the class of what follows the space decides.
        let first = scalar(start) == " " && start + 1 < classes.count ? start + 1 : start
        let kind = classes[first]
        if kind.isWhitespace { return whitespace(start) }
        return run(first) { $0 == kind }
    }

    func llama3(_ start: Int, digits: Int) -> Int {
        if let end = contraction(start, ignoringCase: true) { return end }
        let kind = classes[start]
        if kind == .letter { return run(start) { $0 == .letter } }
        if kind == .number { return min(run(start) { $0 == .number }, start + digits) }
        if kind != .lineBreak, start + 1 < classes.count, classes[start + 1] == .letter {
            return run(start + 1) { $0 == .letter }
        }
        let first = scalar(start) == " " && start + 1 < classes.count ? start + 1 : start
        if classes[first] == .other {
            return run(run(first) { $0 == .other }) { $0 == .lineBreak }
        }
        // `\s*[\r\n]+`: up to the last line break of the whitespace.
        let end = run(start) { $0.isWhitespace }
        if let last = (start..<end).last(where: { classes[$0] == .lineBreak }) { return last + 1 }
        return whitespace(start)
    }

    /// `\s+(?!\S)|\s+`: whitespace before a word leaves its last character to the word.
    private func whitespace(_ start: Int) -> Int {
        let end = run(start) { $0.isWhitespace }
        return end == classes.count || end == start + 1 ? end : end - 1
    }

    private func contraction(_ start: Int, ignoringCase: Bool) -> Int? {
        guard scalar(start) == "'", start + 1 < classes.count else { return nil }
        func letter(_ position: Int) -> Unicode.Scalar? {
            guard position < classes.count else { return nil }
            let value = scalar(position)
            guard ignoringCase else { return value }
            // U+017F is an s to a regular expression that ignores case.
            if value == "\u{17F}" { return "s" }
            return ("A"..."Z").contains(value) ? Unicode.Scalar(value.value + 32) : value
        }
        switch (letter(start + 1), letter(start + 2)) {
        case ("s", _), ("t", _), ("m", _), ("d", _): return start + 2
        case ("r", "e"), ("v", "e"), ("l", "l"): return start + 3
        default: return nil
        }
    }
}
