import ForeignText

/// One rule of byte-pair encoding: `left right` become one token.
enum MergeRule {
    /// What is wrong with the rule in its usual spelling, two tokens with one space between; nil for a sound one.
    static func problem(_ merge: String, prefix: String = "", vocabulary: Set<ExactString>) -> String? {
        let parts = merge.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            return "malformed merge \(Escaping.quoted(merge)): it must be two tokens with one space between"
        }
        return problem(parts[0], parts[1], prefix: prefix, vocabulary: vocabulary)
    }

    /// Both tokens and their join must be in the vocabulary. `prefix`: what tokens inside a word begin with, dropped
    /// from the right one when both are joined.
    static func problem(
        _ left: String, _ right: String, prefix: String = "", vocabulary: Set<ExactString>
    ) -> String? {
        guard !left.isEmpty, !right.isEmpty else { return "malformed merge: an empty token" }
        let tail = !prefix.isEmpty && right.hasPrefix(prefix) ? String(right.dropFirst(prefix.count)) : right
        for part in [left, right, left + tail] where !vocabulary.contains(ExactString(part)) {
            let merge = Escaping.quoted("\(left) \(right)")
            return "merge \(merge) not in vocabulary: \(Escaping.quoted(part)) is no token"
        }
        return nil
    }
}
