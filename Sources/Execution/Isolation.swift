/// What the user asks of the box: at least this level, or none.
package enum IsolationRequest: String, Codable, Sendable, CaseIterable {
    /// Resource limits only (L0); reports say so.
    case none
    case l1 = "L1"
    case l2 = "L2"
    case l3 = "L3"

    /// Refuse to run untrusted code unless a working box has been shown.
    package static let required = IsolationRequest.l1

    /// Whether a box of `level` ("L0" … "L3") is enough.
    func admits(_ level: String) -> Bool { self == .none || level >= rawValue }
}

/// What the box turned out to be; goes into every report.
package struct IsolationDescription: Codable, Sendable, Equatable {
    /// "L3": L2 and control groups; "L2": namespaces and a read-only root; "L1": Landlock and seccomp; "L0": resource
    /// limits only.
    package var level: String
    /// One sentence: which layers there are and what the probes showed.
    package var description: String
    /// Version by name in the languages table, e.g. `["python": "3.11.7"]`.
    package var interpreters: [String: String]

    package init(level: String, description: String, interpreters: [String: String]) {
        self.level = level
        self.description = description
        self.interpreters = interpreters
    }
}

/// Why there is no box.
package enum BoxError: Error, CustomStringConvertible, Sendable, Equatable {
    /// A program that the box needs is missing or does not work; the sentence names the mend. Exit code 69.
    case missing(String)

    package var description: String {
        switch self {
        case .missing(let sentence): return sentence
        }
    }
}
