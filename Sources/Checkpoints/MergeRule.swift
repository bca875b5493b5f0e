/// One rule of byte-pair encoding, "left right".
enum MergeRule {
    /// Throws `fault(problem)` unless both parts and their join are in the vocabulary.
    static func check(_ merge: String, known: (String) -> Bool, fault: (String) -> CheckpointError) throws {
        let parts = merge.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw fault("malformed merge \(Escaping.quoted(merge)): two tokens with one space between were expected")
        }
        try check(parts[0], parts[1], known: known, fault: fault)
    }

    static func check(
        _ left: String, _ right: String, known: (String) -> Bool, fault: (String) -> CheckpointError
    ) throws {
        guard !left.isEmpty, !right.isEmpty else { throw fault("malformed merge: an empty token") }
        for part in [left, right, left + right] where !known(part) {
            let merge = Escaping.quoted("\(left) \(right)")
            throw fault("merge \(merge) not in vocabulary: \(Escaping.quoted(part)) is no token")
        }
    }
}
