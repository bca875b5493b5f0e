import Foundation

/// One step that makes two spellings of the same answer equal.
package enum NormalisationRule: Sendable, Equatable {
    case named(NamedNormalisation)
    /// Every match of a regular expression is replaced.
    case replace(pattern: String, with: String)

    /// The rewritten text.
    package func apply(_ text: String) -> String {
        switch self {
        case .named(let rule): rule.apply(text)
        case .replace(let pattern, let with): RegularExpression.replace(pattern, in: text, with: with)
        }
    }
}

/// Normalisation steps a data set may name.
package enum NamedNormalisation: String, Sendable, CaseIterable {
    case trim, lowercase, number
    case collapseSpaces = "collapse-spaces"
    case stripCommas = "strip-commas"
    case stripDollars = "strip-dollars"
    case stripFinalPeriod = "strip-final-period"
    case stripQuotes = "strip-quotes"
    case stripBackticks = "strip-backticks"
    case pythonLiteral = "python-literal"

    package func apply(_ text: String) -> String {
        switch self {
        case .trim: text.trimmingCharacters(in: .whitespacesAndNewlines)
        case .lowercase: text.lowercased()
        case .number: Self.canonicalNumber(text)
        case .collapseSpaces: text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        case .stripCommas: text.replacing(",", with: "")
        case .stripDollars: text.replacing("$", with: "")
        case .stripFinalPeriod: text.hasSuffix(".") ? String(text.dropLast()) : text
        case .stripQuotes: Self.strip(["\"", "'"], from: text)
        case .stripBackticks: Self.strip(["`"], from: text)
        case .pythonLiteral: PythonLiteral.canonical(text) ?? text
        }
    }

    /// Removes pairs of the same mark around the text.
    private static func strip(_ marks: [Character], from text: String) -> String {
        var inner = Substring(text)
        while inner.count >= 2, let first = inner.first, marks.contains(first), inner.last == first {
            inner = inner.dropFirst().dropLast()
        }
        return String(inner)
    }

    /// A decimal number without needless zeros or plus sign; any other text unchanged.
    private static func canonicalNumber(_ text: String) -> String {
        var digits = Substring(text.trimmingCharacters(in: .whitespacesAndNewlines))
        let negative = digits.first == "-"
        if negative || digits.first == "+" { digits = digits.dropFirst() }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }),
            parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } })
        else { return text }
        var whole = parts[0].drop { $0 == "0" }
        if whole.isEmpty { whole = "0" }
        var fraction = parts.count == 2 ? parts[1] : ""
        while fraction.last == "0" { fraction = fraction.dropLast() }
        let value = fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
        return negative && value != "0" ? "-" + value : value
    }
}
