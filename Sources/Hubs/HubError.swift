/// Why something could not be fetched, in one sentence that names the file or address and the mend.
package struct HubError: Error, CustomStringConvertible, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// The request cannot be met as it is: no such model, or a name that is none.
        case badInput
        /// Network, server or a program of this host; trying again later may help.
        case unavailable
        /// What came is not what was promised; nothing of it is kept.
        case untrustworthy
        case cannotWrite
    }

    package let kind: Kind
    package let message: String
    /// Whether the same request may succeed a moment later.
    let isPassing: Bool

    package var description: String { message }

    package init(_ kind: Kind, _ message: String, isPassing: Bool = false) {
        self.kind = kind
        self.message = message
        self.isPassing = isPassing
    }
}

extension String {
    /// A server's words without anything that would steer a terminal, cut to a readable length.
    func printable(limit: Int = 200) -> String {
        let clean = String(
            String.UnicodeScalarView(
                unicodeScalars.filter {
                    switch $0.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
                    default: true
                    }
                }))
        return clean.count > limit ? clean.prefix(limit) + "…" : clean
    }
}
