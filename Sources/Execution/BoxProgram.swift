import Foundation

/// The command that starts the box: this executable again, which turns into the box before Swift runs.
package struct BoxProgram: Sendable {
    /// The executable, then its arguments.
    package var command: [String]

    package init(command: [String]) { self.command = command }

    /// The running executable.
    package static var current: BoxProgram {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe"
        return BoxProgram(command: [path, "__box"])
    }
}
