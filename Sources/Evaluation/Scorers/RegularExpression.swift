import Foundation

/// Regular expressions that come as text, from a data set's declaration.
package enum RegularExpression {
    /// Whether the pattern can be compiled.
    package static func isValid(_ pattern: String) -> Bool { (try? NSRegularExpression(pattern: pattern)) != nil }

    /// The first or the last match: its first non-empty group, or the whole match if the pattern has no groups.
    package static func match(_ pattern: String, in text: String, last: Bool) -> String? {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return nil }
        let all = NSRange(text.startIndex..., in: text)
        let found: NSTextCheckingResult?
        if last {
            found = expression.matches(in: text, range: all).last
        } else {
            found = expression.firstMatch(in: text, range: all)
        }
        guard let found else { return nil }
        let groups = found.numberOfRanges > 1 ? Array(1..<found.numberOfRanges) : [0]
        for group in groups {
            if let range = Range(found.range(at: group), in: text), !range.isEmpty { return String(text[range]) }
        }
        return ""
    }

    /// The text with every match replaced by the literal `with`.
    package static func replace(_ pattern: String, in text: String, with: String) -> String {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return text }
        return expression.stringByReplacingMatches(
            in: text, range: NSRange(text.startIndex..., in: text),
            withTemplate: NSRegularExpression.escapedTemplate(for: with))
    }
}
