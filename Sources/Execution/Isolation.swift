/// What the user asks of the box.
package enum IsolationRequest: String, Codable, Sendable, CaseIterable {
    /// Refuse to run untrusted code unless a working box has been shown.
    case required
    /// Resource limits only (L0); reports say so.
    case none
}

/// What the box turned out to be; goes into every report.
package struct IsolationDescription: Codable, Sendable, Equatable {
    /// "L2": namespaces and a read-only root; "L0": resource limits only.
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
