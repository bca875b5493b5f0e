import Foundation

/// Writes SVG elements one a line. Every name, number and text is escaped here and nowhere else.
struct SVGText {
    private(set) var text = ""
    private var openElements: [String] = []

    /// `<name …>`; its content follows until `close()`.
    mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String>) {
        text += indent + tag(name, attributes) + ">\n"
        openElements.append(name)
    }

    mutating func close() {
        let name = openElements.removeLast()
        text += indent + "</\(name)>\n"
    }

    /// An element with a text in it, or none; `hint` becomes its `<title>`, which browsers show on hovering.
    mutating func element(
        _ name: String, _ attributes: KeyValuePairs<String, String>, _ content: String = "", hint: String = ""
    ) {
        let inner = (hint.isEmpty ? "" : "<title>\(Self.escaped(hint))</title>") + Self.escaped(content)
        text += indent + tag(name, attributes) + (inner.isEmpty ? "/>" : ">\(inner)</\(name)>") + "\n"
    }

    /// Content that needs no escaping because no reader's text is in it: the style sheet.
    mutating func verbatim(_ lines: String) { text += lines + "\n" }

    private var indent: String { String(repeating: " ", count: openElements.count) }

    private func tag(_ name: String, _ attributes: KeyValuePairs<String, String>) -> String {
        "<" + name + attributes.map { " \($0.key)=\"\(Self.escaped($0.value))\"" }.joined()
    }

    /// A coordinate: at most two decimals, the same on every host.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let value = min(max(value, -99999), 99999)
        var digits = String(format: "%.2f", value)
        while digits.hasSuffix("0") { digits.removeLast() }
        if digits.hasSuffix(".") { digits.removeLast() }
        return digits == "-0" ? "0" : digits
    }

    /// Text that is safe in content and in attributes, on one line. What XML cannot hold, or would steer the reader's
    /// screen or the direction of writing, goes.
    static func escaped(_ text: String) -> String {
        var result = ""
        let spaced = String(text.map { $0.isWhitespace ? " " : $0 })
        for scalar in TerminalText.printable(spaced).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\u{FFFE}", "\u{FFFF}": break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
