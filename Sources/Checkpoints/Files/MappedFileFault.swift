import Foundation

/// The last resort when a mapped file shrinks between the length check and the read: instead of a silent death by
/// SIGBUS the process says why and exits with 65 (bad input data). For the program to install once at start; a
/// library should not change signal handling by itself.
package enum MappedFileFault {
    private static let message: StaticString =
        "error: a mapped file became shorter while it was being read; let no other program write to it and start again\n"

    package static func installHandler() {
        signal(SIGBUS) { _ in
            // Only async-signal-safe calls here.
            let text = MappedFileFault.message
            _ = write(2, text.utf8Start, text.utf8CodeUnitCount)
            _exit(65)
        }
    }
}
