import Foundation

/// What the place that text is written to can show.
package struct Terminal: Sendable {
    /// A screen whose line can be redrawn; false for files and pipes.
    package var isInteractive: Bool
    package var color: Bool
    /// Characters beyond ASCII are shown.
    package var unicode: Bool
    private let descriptor: Int32?

    /// - Parameter environment: `NO_COLOR` (if not empty) turns colour off, `TERM=dumb` redrawing; the locale tells of
    ///   Unicode.
    package init(descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.init(isScreen: isatty(descriptor) == 1, descriptor: descriptor, environment: environment)
    }

    init(isScreen: Bool, descriptor: Int32? = nil, environment: [String: String]) {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        isInteractive = isScreen && environment["TERM", default: "dumb"] != "dumb"
        color = isInteractive && environment["NO_COLOR", default: ""].isEmpty
        unicode = locale.uppercased().contains("UTF-8") || locale.uppercased().contains("UTF8")
        self.descriptor = descriptor
    }

    /// Columns now (a window may change its size), 80 where nobody tells.
    package var width: Int {
        var size = winsize()
        guard let descriptor, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

/// Colours and weights of a terminal, or nothing where they are not wanted.
struct TerminalStyle {
    let color: Bool

    func bold(_ text: String) -> String { wrap(text, 1) }
    func dim(_ text: String) -> String { wrap(text, 2) }
    func green(_ text: String) -> String { wrap(text, 32) }
    func yellow(_ text: String) -> String { wrap(text, 33) }

    private func wrap(_ text: String, _ code: Int) -> String {
        color && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
