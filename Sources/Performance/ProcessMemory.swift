import Foundation

/// Resident memory of this process, as the kernel counts it.
package enum ProcessMemory {
    /// Bytes resident now (`VmRSS`); nil where the host does not tell.
    package static var currentBytes: Int? { status("VmRSS") }

    /// The highest resident size since the process began, or since `resetPeak` (`VmHWM`); nil where the host does not tell.
    package static var peakBytes: Int? {
        #if os(Linux)
            return status("VmHWM")
        #else
            var usage = rusage()
            return getrusage(RUSAGE_SELF, &usage) == 0 ? Int(usage.ru_maxrss) : nil
        #endif
    }

    /// Makes the peak start anew from what is resident now.
    ///
    /// Linux keeps the peak for the whole life of a process; writing 5 to `clear_refs` resets it (proc(5), Linux 4.0).
    /// - Returns: false where that is not possible.
    package static func resetPeak() -> Bool {
        #if os(Linux)
            guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return false }
            defer { try? file.close() }
            do {
                try file.write(contentsOf: Data("5".utf8))
                return true
            } catch {
                return false
            }
        #else
            return false
        #endif
    }

    private static func status(_ key: String) -> Int? {
        ProcFile.kibibytes(key, in: ProcFile.text("/proc/self/status"))
    }
}

/// Watches the highest resident size of one run within a process that makes several.
package struct PeakMemory: Sendable {
    private let isKnown: Bool

    /// Starts watching.
    /// - Parameter isFirstRun: nothing of size happened in this process before, so that without a reset the peak of the
    ///   process's whole life is that of the run.
    package init(isFirstRun: Bool) {
        let isReset = ProcessMemory.resetPeak()
        isKnown = isReset || isFirstRun
    }

    /// The highest resident size since the start; nil if it cannot be told from that of an earlier run.
    package var bytes: Int? { isKnown ? ProcessMemory.peakBytes : nil }
}
