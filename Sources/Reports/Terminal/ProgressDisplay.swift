import Foundation
import Synchronization

/// Shows how far a run is on stderr: one line redrawn in place on a screen, a plain line now and then elsewhere.
package final class ProgressDisplay: Sendable {
    private static let secondsBetweenRedraws = 0.1
    private static let secondsBetweenLines = 5.0

    private struct Shown {
        var state: ProgressState
        var lastShown: Double?
        var lastLine: ProgressState?
        /// A redrawn line stands on the screen.
        var isVisible = false
        var isFinished = false
    }

    private let terminal: Terminal
    private let columns: @Sendable () -> Int
    private let now: @Sendable () -> Double
    private let write: @Sendable (String) -> Void
    private let start: Double
    private let shown: Mutex<Shown>

    /// Shows on stderr.
    package convenience init(label: String, total: Int) {
        let terminal = Terminal(descriptor: STDERR_FILENO)
        let clock = ContinuousClock()
        let origin = clock.now
        self.init(
            label: label, total: total, terminal: terminal, columns: { terminal.width },
            now: { (clock.now - origin) / .seconds(1) },
            write: { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) })
    }

    /// - Parameters:
    ///   - now: monotonic seconds.
    ///   - write: takes text for the screen or log.
    init(
        label: String, total: Int, terminal: Terminal, columns: @escaping @Sendable () -> Int,
        now: @escaping @Sendable () -> Double, write: @escaping @Sendable (String) -> Void
    ) {
        self.terminal = terminal
        self.columns = columns
        self.now = now
        self.write = write
        start = now()
        shown = Mutex(Shown(state: ProgressState(label: label, total: total)))
    }

    /// Changes the state and shows it if it is time to. Called without a change, it lets the clock go on.
    package func update(_ change: (inout ProgressState) -> Void = { _ in }) {
        shown.withLock { shown in
            guard !shown.isFinished else { return }
            change(&shown.state)
            shown.state.elapsed = now() - start
            let pause = terminal.isInteractive ? Self.secondsBetweenRedraws : Self.secondsBetweenLines
            if let last = shown.lastShown, shown.state.elapsed - last < pause { return }
            show(&shown)
        }
    }

    /// Writes a line of its own; a redrawn line steps aside for it.
    package func say(_ line: String) {
        shown.withLock { shown in
            write((shown.isVisible ? Self.clear : "") + line + "\n")
            shown.isVisible = false
            if terminal.isInteractive && !shown.isFinished { show(&shown) }
        }
    }

    /// Ends the display: the redrawn line is cleared, a log gets its last line. More calls do nothing.
    package func finish() {
        shown.withLock { shown in
            guard !shown.isFinished else { return }
            shown.isFinished = true
            if shown.isVisible {
                write(Self.clear)
            } else if !terminal.isInteractive {
                shown.state.elapsed = now() - start
                show(&shown)
            }
        }
    }

    private func show(_ shown: inout Shown) {
        shown.lastShown = shown.state.elapsed
        if terminal.isInteractive {
            // The last column stays free: a full line wraps on some terminals.
            let line = ProgressLine.bar(
                shown.state, width: columns() - 1, unicode: terminal.unicode, color: terminal.color)
            write("\r" + line + Self.clearRest)
            shown.isVisible = true
            return
        }
        // A log is no clock: it gets a line when something has changed.
        var news = shown.state
        news.elapsed = 0
        if news != shown.lastLine { write(ProgressLine.plain(shown.state) + "\n") }
        shown.lastLine = news
    }

    private static let clearRest = "\u{1B}[K"
    private static let clear = "\r\u{1B}[K"
}
