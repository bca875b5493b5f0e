/// Reads Python literals far enough to compare them without running Python: `[1,2]` equals `[1, 2]`, `"a"` equals `'a'`.
package enum PythonLiteral {
    /// One spelling for all literals of the same value; nil if the text is not a single literal.
    ///
    /// Members of sets and dictionaries are sorted. Integral floats and integers stay apart from booleans, but `2.0`
    /// equals `2` as it does in Python.
    package static func canonical(_ text: String) -> String? {
        var reader = Reader(Array(text.unicodeScalars))
        guard let value = reader.expression(depth: 0) else { return nil }
        reader.skipSpace()
        return reader.atEnd ? value : nil
    }

    private struct Reader {
        let scalars: [Unicode.Scalar]
        var position = 0

        init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

        var atEnd: Bool { position >= scalars.count }
        var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

        mutating func skipSpace() {
            while let scalar = peek, scalar.properties.isWhitespace { position += 1 }
        }

        mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            guard peek == scalar else { return false }
            position += 1
            return true
        }

        /// A value, or values separated by bare commas, which make a tuple.
        mutating func expression(depth: Int) -> String? {
            guard let first = value(depth: depth) else { return nil }
            skipSpace()
            guard peek == "," else { return first }
            var members = [first]
            while take(",") {
                skipSpace()
                if atEnd || peek == ")" { break }
                guard let next = value(depth: depth) else { return nil }
                members.append(next)
                skipSpace()
            }
            return "(" + members.joined(separator: ", ") + ",)"
        }

        mutating func value(depth: Int) -> String? {
            skipSpace()
            guard depth < 64, let scalar = peek else { return nil }
            switch scalar {
            case "[":
                position += 1
                return members(until: "]", depth: depth).map { "[" + $0.joined(separator: ", ") + "]" }
            case "(": return parenthesised(depth: depth)
            case "{": return braced(depth: depth)
            case "\"", "'": return string().map { "'" + escaped($0) + "'" }
            case "-", "+", ".", "0"..."9": return number()
            default: return word(depth: depth)
            }
        }

        mutating func members(until end: Unicode.Scalar, depth: Int) -> [String]? {
            var members: [String] = []
            while true {
                skipSpace()
                if take(end) { return members }
                guard let member = value(depth: depth + 1) else { return nil }
                members.append(member)
                skipSpace()
                if take(end) { return members }
                guard take(",") else { return nil }
            }
        }

        mutating func parenthesised(depth: Int) -> String? {
            position += 1
            skipSpace()
            if take(")") { return "()" }
            guard let inner = expression(depth: depth + 1) else { return nil }
            skipSpace()
            return take(")") ? inner : nil
        }

        mutating func braced(depth: Int) -> String? {
            position += 1
            var keyed: [String: String] = [:]
            var members: Set<String> = []
            while true {
                skipSpace()
                if take("}") { break }
                guard let key = value(depth: depth + 1) else { return nil }
                skipSpace()
                if take(":") {
                    guard let value = value(depth: depth + 1), members.isEmpty else { return nil }
                    keyed[key] = value
                } else {
                    guard keyed.isEmpty else { return nil }
                    members.insert(key)
                }
                skipSpace()
                if take("}") { break }
                guard take(",") else { return nil }
            }
            if members.isEmpty {
                return "{" + keyed.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
                    + "}"
            }
            return "{" + members.sorted().joined(separator: ", ") + "}"
        }

        mutating func word(depth: Int) -> String? {
            var word = ""
            while let scalar = peek, scalar.properties.isAlphabetic || scalar == "_" {
                word.unicodeScalars.append(scalar)
                position += 1
            }
            switch word {
            case "True", "False", "None": return word
            case "b", "B", "u", "U":
                guard peek == "'" || peek == "\"", let text = string() else { return nil }
                return (word.lowercased() == "b" ? "b" : "") + "'" + escaped(text) + "'"
            case "set":
                guard take("("), take(")") else { return nil }
                return "set()"
            default: return nil
            }
        }

        mutating func number() -> String? {
            var text = ""
            while let scalar = peek, "+-.0123456789eE_".unicodeScalars.contains(scalar) {
                if (scalar == "+" || scalar == "-") && !text.isEmpty && text.last != "e" && text.last != "E" { break }
                if scalar != "_" { text.unicodeScalars.append(scalar) }
                position += 1
            }
            if text.hasPrefix("+") { text.removeFirst() }
            let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
            if !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }) {
                let significant = digits.drop { $0 == "0" }
                if significant.isEmpty { return "0" }
                guard significant.count == digits.count else { return nil }
                return (text.hasPrefix("-") ? "-" : "") + significant
            }
            guard let value = Double(text) else { return nil }
            if let whole = Int(exactly: value) { return String(whole) }
            return "\(value)"
        }

        /// The content of a string literal, escapes resolved.
        mutating func string() -> String? {
            guard let quote = peek, quote == "'" || quote == "\"" else { return nil }
            position += 1
            let triple = position + 1 < scalars.count && scalars[position] == quote && scalars[position + 1] == quote
            if triple { position += 2 }
            var text = ""
            while let scalar = peek {
                if scalar == quote {
                    if !triple {
                        position += 1
                        return text
                    }
                    if position + 2 < scalars.count, scalars[position + 1] == quote, scalars[position + 2] == quote {
                        position += 3
                        return text
                    }
                }
                position += 1
                if scalar == "\\" {
                    guard let resolved = escape() else { return nil }
                    text += resolved
                } else {
                    if scalar == "\n" && !triple { return nil }
                    text.unicodeScalars.append(scalar)
                }
            }
            return nil
        }

        mutating func escape() -> String? {
            guard let scalar = peek else { return nil }
            position += 1
            switch scalar {
            case "n": return "\n"
            case "t": return "\t"
            case "r": return "\r"
            case "a": return "\u{7}"
            case "b": return "\u{8}"
            case "f": return "\u{C}"
            case "v": return "\u{B}"
            case "\\", "'", "\"": return String(scalar)
            case "\n": return ""
            case "0"..."7":
                position -= 1
                return code(digits: 1...3, radix: 8)
            case "x": return code(digits: 2...2, radix: 16)
            case "u": return code(digits: 4...4, radix: 16)
            case "U": return code(digits: 8...8, radix: 16)
            default: return "\\" + String(scalar)
            }
        }

        mutating func code(digits: ClosedRange<Int>, radix: UInt32) -> String? {
            var value: UInt32 = 0
            var count = 0
            while count < digits.upperBound, let digit = peek.flatMap({ Character($0).hexDigitValue }), digit < radix {
                value = value &* radix &+ UInt32(digit)
                position += 1
                count += 1
            }
            guard count >= digits.lowerBound, let scalar = Unicode.Scalar(value) else { return nil }
            return String(scalar)
        }

        func escaped(_ text: String) -> String {
            text.replacing("\\", with: "\\\\").replacing("'", with: "\\'").replacing("\n", with: "\\n")
        }
    }
}
