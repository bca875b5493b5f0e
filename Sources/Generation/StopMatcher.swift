/// Finds the first stop string in a text that arrives in pieces.
///
/// Text that might still turn out to be the beginning of a stop string is held back, so what was emitted never has to
/// be taken back. Works on UTF-8, where a match cannot begin inside a character.
package struct StopMatcher: Sendable {
    private let stops: [[UInt8]]
    private var held: [UInt8] = []

    package init(_ stops: [String]) {
        self.stops = stops.filter { !$0.isEmpty }.map { Array($0.utf8) }
    }

    /// Takes the next piece; returns what is certain now, and whether a stop string was met (nothing follows then).
    package mutating func append(_ piece: String) -> (text: String, stopped: Bool) {
        held.append(contentsOf: piece.utf8)
        for start in held.indices where stops.contains(where: { held[start...].starts(with: $0) }) {
            let text = String(decoding: held[..<start], as: UTF8.self)
            held = []
            return (text, true)
        }
        let undecided = held.indices.first { start in stops.contains { $0.starts(with: held[start...]) } }
        let certain = undecided ?? held.endIndex
        let text = String(decoding: held[..<certain], as: UTF8.self)
        held.removeSubrange(..<certain)
        return (text, false)
    }

    /// What was held back, when no more text will come.
    package mutating func finish() -> String {
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }
}
