/// A secret that goes into request headers and nowhere else: its descriptions do not show it.
package struct HubToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let secret: String

    /// The first of these environment variables that is set; nil if none is.
    package init?(environment: [String: String], names: [String]) {
        guard let found = names.lazy.compactMap({ environment[$0] }).first(where: { !$0.isEmpty }) else { return nil }
        secret = found
    }

    package var description: String { "(a token)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Whether it may stand in a header: a line end in it would begin a header of its own.
    var isSendable: Bool { secret.utf8.allSatisfy { (0x21...0x7E).contains($0) } }
}
