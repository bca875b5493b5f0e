import Foundation

/// Regular expressions that come as text, from a data set's declaration.
package enum RegularExpression {
    /// Whether the pattern can be compiled.
    package static func isValid(_ pattern: String) -> Bool { (try? NSRegularExpression(pattern: pattern)) != nil }

    /// The first or the last match: its first non-empty group, or the whole match if the pattern has no groups. Nil too
    /// where the search is given up.
    package static func match(_ pattern: String, in text: String, last: Bool) -> String? {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return nil }
        guard let found = matches(expression, in: text, firstOnly: !last)?.last else { return nil }
        let groups = found.numberOfRanges > 1 ? Array(1..<found.numberOfRanges) : [0]
        for group in groups {
            if let range = Range(found.range(at: group), in: text), !range.isEmpty { return String(text[range]) }
        }
        return ""
    }

    /// The text with every match replaced by the literal `with`; unchanged where the search is given up.
    package static func replace(_ pattern: String, in text: String, with: String) -> String {
        guard let expression = try? NSRegularExpression(pattern: pattern),
            let found = matches(expression, in: text, firstOnly: false)
        else { return text }
        var result = ""
        var place = text.startIndex
        for match in found {
            guard let range = Range(match.range, in: text), range.lowerBound >= place else { continue }
            result += text[place..<range.lowerBound] + with
            place = range.upperBound
        }
        return result + text[place...]
    }

    /// Some patterns take longer than anybody lives (`(a+)+$`), and the text is a model's. So a search is given up after so
    /// many steps, the same on every host: a few seconds' worth.
    ///
    /// - Returns: nil where it is given up.
    private static func matches(_ expression: NSRegularExpression, in text: String, firstOnly: Bool)
        -> [NSTextCheckingResult]?
    {
        let all = NSRange(text.startIndex..., in: text)
        // One report a place in the text, and one every ten thousand steps.
        var reports = 10_000 + 4 * all.length
        var found: [NSTextCheckingResult] = []
        expression.enumerateMatches(in: text, options: .reportProgress, range: all) { match, _, stop in
            if let match {
                found.append(match)
                if firstOnly { stop.pointee = true }
            } else {
                reports -= 1
                if reports < 0 { stop.pointee = true }
            }
        }
        return reports < 0 ? nil : found
    }
}
