import Foundation

/// Regular expressions that come as text, from a data set's declaration.
package enum RegularExpression {
    /// Whether the pattern can be compiled.
    package static func isValid(_ pattern: String) -> Bool { (try? NSRegularExpression(pattern: pattern)) != nil }

    /// The first or the last match: its first non-empty group, or the whole match if the pattern has no groups. Nil too
    /// where the search is given up.
    package static func match(_ pattern: String, in text: String, last: Bool) -> String? {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return nil }
        var match: NSTextCheckingResult?
        let isWhole = search(expression, in: text) { found in
            match = found
            return last ? .goOn : .enough
        }
        guard isWhole, let match else { return nil }
        let groups = match.numberOfRanges > 1 ? Array(1..<match.numberOfRanges) : [0]
        for group in groups {
            if let range = Range(match.range(at: group), in: text), !range.isEmpty { return String(text[range]) }
        }
        return ""
    }

    /// Longer results are no answers, and a few rules that each replace a letter by many would fill the memory.
    package static let longestResult = 4 << 20

    /// The text with every match replaced by the literal `with`; unchanged where the search is given up or more than
    /// `longestResult` bytes would come of it.
    package static func replace(_ pattern: String, in text: String, with: String) -> String {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return text }
        var result = ""
        var place = text.startIndex
        let isWhole = search(expression, in: text) { match in
            guard let range = Range(match.range, in: text), range.lowerBound >= place else { return .goOn }
            result += text[place..<range.lowerBound] + with
            place = range.upperBound
            return result.utf8.count <= longestResult ? .goOn : .giveUp
        }
        result += text[place...]
        return isWhole && result.utf8.count <= longestResult ? result : text
    }

    private enum Step { case goOn, enough, giveUp }

    /// Some patterns take longer than anybody lives (`(a+)+$`), and the text is a model's. So a search is given up after so
    /// many steps, the same on every host: a few seconds' worth.
    ///
    /// - Returns: false where it is given up.
    private static func search(
        _ expression: NSRegularExpression, in text: String, _ visit: @escaping (NSTextCheckingResult) -> Step
    ) -> Bool {
        let all = NSRange(text.startIndex..., in: text)
        // One report a place in the text, and one every ten thousand steps.
        var reports = 10_000 + 4 * all.length
        var isGivenUp = false
        expression.enumerateMatches(in: text, options: .reportProgress, range: all) { match, _, stop in
            if let match {
                let step = visit(match)
                if step == .giveUp { isGivenUp = true }
                if step != .goOn { stop.pointee = true }
            } else {
                reports -= 1
                if reports < 0 { (isGivenUp, stop.pointee) = (true, true) }
            }
        }
        return !isGivenUp
    }
}
