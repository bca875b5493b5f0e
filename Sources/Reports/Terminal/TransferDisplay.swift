/// How far a transfer is: bytes, rate and time left, in the place and manner of `ProgressDisplay`.
package final class TransferDisplay: Sendable {
    private let display: ProgressDisplay

    /// Shows on stderr.
    package init(label: String) {
        display = ProgressDisplay(label: label, total: 0)
    }

    package func begin(bytes: Int) {
        display.update {
            $0.unit = .bytes
            $0.total = bytes
        }
    }

    /// - Parameter resumed: came in an earlier session, and tells nothing about today's rate.
    package func add(bytes: Int, resumed: Bool = false) {
        display.update {
            $0.done += bytes
            if resumed { $0.resumed += bytes }
        }
    }

    package func finish() { display.finish() }
}
