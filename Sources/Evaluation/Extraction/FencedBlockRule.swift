import Foundation

/// The code block of a chat answer.
///
/// Of several blocks the first Python (or untagged) one that defines the entry point is taken, else the first such block; a
/// block without its closing fence runs to the end, and without any fence the whole text is taken. A fence that opens a block
/// again before anything stands in it counts once. What the prompt has before the entry point (imports, helpers) is put before
/// it, or all of the prompt before a mere body.
struct FencedBlockRule: ExtractionRule {
    func extract(_ input: ExtractionInput) -> String {
        let text = (input.prefill + input.completion).replacing("\r\n", with: "\n")
        let code = Self.code(in: text, entryPoint: input.entryPoint)
        guard let entryPoint = input.entryPoint, !input.prefix.isEmpty else { return code }
        if !Self.defines(entryPoint, code) { return Self.isBody(code) ? input.prefix + code : code }
        // A __future__ import must stay the first statement.
        if code.contains("from __future__ ") { return code }
        return Self.preamble(of: input.prefix, before: entryPoint) + code
    }

    /// One block of a Markdown text.
    struct Block: Equatable {
        var tag: String
        var code: String

        var isPython: Bool { ["", "python", "py", "python3"].contains(tag.lowercased()) }
    }

    static func code(in text: String, entryPoint: String?) -> String {
        let blocks = blocks(in: text)
        let candidates = blocks.contains(where: \.isPython) ? blocks.filter(\.isPython) : blocks
        if let entryPoint, let block = candidates.first(where: { defines(entryPoint, $0.code) }) { return block.code }
        return candidates.first?.code ?? text
    }

    static func blocks(in text: String) -> [Block] {
        var blocks: [Block] = []
        var open: (fence: Substring, indent: Int, tag: String, lines: [Substring])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indent = line.prefix { $0 == " " }.count
            let content = line.dropFirst(indent)
            let fence = content.prefix { $0 == "`" }
            let rest = content.dropFirst(fence.count)
            if let block = open, fence.count >= block.fence.count, rest.allSatisfy(\.isWhitespace) {
                blocks.append(Block(tag: block.tag, code: joined(block.lines)))
                open = nil
            } else if fence.count >= 3, open?.lines.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) ?? true {
                // Also in a block that holds nothing yet: an engine that cannot go on from an opened answer begins it anew.
                let tag = rest.trimmingCharacters(in: .whitespaces).prefix { !$0.isWhitespace }
                open = (fence, indent, String(tag), [])
            } else if let block = open {
                open?.lines.append(line.dropFirst(min(indent, block.indent)))
            }
        }
        if var block = open {
            // What stands after the text's last newline is no line.
            if block.lines.last == "" { block.lines.removeLast() }
            blocks.append(Block(tag: block.tag, code: joined(block.lines)))
        }
        return blocks
    }

    private static func joined(_ lines: [Substring]) -> String { lines.map { $0 + "\n" }.joined() }

    static func defines(_ name: String, _ code: String) -> Bool {
        code.split(separator: "\n").contains { line in
            let words = line.drop { $0 == " " || $0 == "\t" }
            return ["def ", "async def ", "class "].contains { keyword in
                guard words.hasPrefix(keyword) else { return false }
                let rest = words.dropFirst(keyword.count).drop { $0 == " " }
                guard rest.hasPrefix(name) else { return false }
                return rest.dropFirst(name.count).first.map { !($0.isLetter || $0.isNumber || $0 == "_") } ?? true
            }
        }
    }

    /// Whether the first line of code is indented, as the body of a function is.
    private static func isBody(_ code: String) -> Bool {
        let first = code.split(separator: "\n").first { !$0.allSatisfy(\.isWhitespace) }
        return first?.first == " " || first?.first == "\t"
    }

    /// The lines of the prompt before the definition of the entry point and its decorators.
    static func preamble(of prompt: String, before entryPoint: String) -> String {
        var lines = prompt.split(separator: "\n", omittingEmptySubsequences: false)
        guard let index = lines.lastIndex(where: { !$0.hasPrefix(" ") && defines(entryPoint, String($0)) }) else {
            return ""
        }
        lines.removeSubrange(index...)
        while lines.last?.hasPrefix("@") == true { lines.removeLast() }
        return lines.map { $0 + "\n" }.joined()
    }
}
