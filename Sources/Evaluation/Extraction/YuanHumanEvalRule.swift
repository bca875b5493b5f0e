import Foundation

/// The post-processing with which Yuan2's published HumanEval scores were made, step by step and with its flaws.
///
/// It looks at prompt and answer as one text and yields a whole program: the prompt must not be put before it again.
/// Offsets count Unicode scalars, as the original's do.
struct YuanHumanEvalRule: ExtractionRule {
    func extract(_ input: ExtractionInput) -> String { Self.process(input.prompt + input.completion) }

    /// - Parameter response: prompt and answer as decoded, the end token perhaps still at the end.
    static func process(_ response: String) -> String {
        var text = afterFence(withoutEndToken(Scalars(response.unicodeScalars)))
        for (old, new) in replacements {
            text = text.replacing(Scalars(old.unicodeScalars), with: Scalars(new.unicodeScalars))
        }
        text = withoutDocstring(text)
        if let function = fencedCode(text) ?? firstFunction(text) {
            // The original searches for the first ten characters; not found means "all but the last character" there.
            let head = text.firstRange(of: function.prefix(10)).map { text[..<$0.lowerBound] } ?? text.dropLast()
            text = function.isEmpty ? [] : Scalars(head) + function
        }
        text = withoutSecondFunction(text)
        for mark in cutMarks {
            if let range = text.firstRange(of: Scalars(mark.unicodeScalars)), range.lowerBound > 0 {
                text = Scalars(text[..<range.lowerBound])
            }
        }
        return string(text)
    }

    private typealias Scalars = [Unicode.Scalar]

    private static let replacements: [(String, String)] = [
        ("\nFIX = \"\"\"\nAdd more test cases.\n\"\"\"", ""),
        ("\n\n\ndef", "\ndef"),
        ("\n    \n\n    ", "\n    \n    "),
        ("\n\n    ", "\n    "),
        ("\n\n\n", "\n\n"),
        ("\"\"\"\n        ", "\"\"\"\n    "),
        ("\n```python", ""),
    ]
    private static let cutMarks = ["\nprint", "\n# 示例", "\n```", "\n# 测试", "\n# 单元测试", "\n#", "\nif"]

    private static func scalars(_ text: String) -> Scalars { Scalars(text.unicodeScalars) }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    private static func withoutEndToken(_ text: Scalars) -> Scalars {
        let end = scalars("<eod>")
        guard text.count >= end.count, text.suffix(end.count).elementsEqual(end) else { return text }
        let rest = text.dropLast(end.count)
        return Scalars(rest.first == " " ? rest.dropFirst() : rest)
    }

    /// What follows the first opening fence; without one the original cuts at −1 + 9 = 8 all the same.
    private static func afterFence(_ text: Scalars) -> Scalars {
        let start = (text.firstRange(of: scalars("```python"))?.lowerBound ?? -1) + 9
        return Scalars(text.dropFirst(start))
    }

    private static func withoutDocstring(_ text: Scalars) -> Scalars {
        for quotes in ["\"\"\"", "'''"].map(scalars) {
            guard let open = text.firstRange(of: quotes),
                let close = text[open.upperBound...].firstRange(of: quotes)
            else { continue }
            return text.replacing(text[open.lowerBound..<close.upperBound], with: Scalars())
        }
        return text
    }

    private static func fencedCode(_ text: Scalars) -> Scalars? {
        let opening = scalars("```python\n")
        guard let open = text.firstRange(of: opening),
            let close = text[open.upperBound...].firstRange(of: scalars("\n```"))
        else { return nil }
        return Scalars(text[open.upperBound..<close.lowerBound])
    }

    /// From the first `def` line that is not line 0 to the first empty line after it; to the end if another `def` line,
    /// or none at all, comes first.
    private static func firstFunction(_ text: Scalars) -> Scalars? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let definition = scalars("def ")
        guard let start = lines.indices.first(where: { $0 > 0 && lines[$0].starts(with: definition) }) else {
            return nil
        }
        var end = lines.count
        for index in lines.indices where index > start {
            if lines[index].starts(with: definition) { break }
            if lines[index].isEmpty {
                end = index + 1
                break
            }
        }
        return Scalars(lines[start..<end].joined(separator: ["\n"]))
    }

    private static func withoutSecondFunction(_ text: Scalars) -> Scalars {
        let guards = ["\n```", "\n#", "\nif"].map(scalars)
        guard !guards.contains(where: { text.firstRange(of: $0) != nil }) else { return text }
        let definition = scalars("\ndef")
        guard let first = text.firstRange(of: definition),
            let second = text[first.upperBound...].firstRange(of: definition)
        else { return text }
        return Scalars(text[..<second.lowerBound]) + ["\n"]
    }
}
