import Foundation

/// Pieces of HTML that hold against any text put into them.
enum HTML {
    /// Text that stands as it is, between tags or in a quoted attribute: nothing in it marks anything up, and nothing in
    /// it steers the direction of writing.
    static func text(_ text: String) -> String {
        var result = ""
        for scalar in TerminalText.printable(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func code(_ text: String) -> String { "<code>\(Self.text(text))</code>" }

    /// JSON that may stand inside a `script` element: no character in it can end the element, open a comment or count as
    /// the end of a line of script, and it is the same JSON to every parser.
    static func embedded(_ json: Data) -> String {
        var result = ""
        for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
            switch scalar {
            // In JSON these occur inside strings alone, where an escape means the same.
            case "<", ">", "&", "\u{2028}", "\u{2029}": result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A table whose first column heads its rows; cells are HTML already.
    /// - Parameter header: titles of the columns; none when the table has but names and values.
    static func table(caption: String, header: [String] = [], rows: [[String]], style: String = "") -> String {
        let head =
            header.isEmpty
            ? "" : "<thead><tr>\(header.map { "<th scope=\"col\">\($0)</th>" }.joined())</tr></thead>"
        let body = rows.map { row in
            let cells = row.dropFirst().map { "<td>\($0)</td>" }.joined()
            return "<tr><th scope=\"row\">\(row.first ?? "")</th>\(cells)</tr>"
        }
        return """
            <div class="wide" tabindex="0" role="region" aria-label="\(caption)"><table class="\(style)">
            <caption>\(caption)</caption>\(head)
            <tbody>\(body.joined(separator: "\n"))</tbody></table></div>
            """
    }

    /// - Parameter id: of the section's heading, so that a link finds it and a screen reader names it.
    static func section(_ id: String, _ title: String, _ content: [String]) -> String {
        "<section aria-labelledby=\"\(id)\">\n<h2 id=\"\(id)\">\(title)</h2>\n\(content.joined(separator: "\n"))\n</section>"
    }
}
