import Foundation

/// Who used the processors: counters of the whole machine and of this process, in seconds since some beginning.
package struct MachineLoad: Sendable, Equatable {
    /// Time of all cores together.
    package var totalS: Double
    /// Time in which a core had nothing to do.
    package var idleS: Double
    /// Time in which the hypervisor ran somebody else.
    package var stealS: Double
    /// Time that this process used.
    package var ownS: Double

    package init(totalS: Double, idleS: Double, stealS: Double, ownS: Double) {
        self.totalS = totalS
        self.idleS = idleS
        self.stealS = stealS
        self.ownS = ownS
    }

    /// Now; nil where the host does not tell (`/proc/stat`, Linux).
    package static var now: MachineLoad? {
        var own = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own) == 0 else { return nil }
        return parse(
            ProcFile.text("/proc/stat"), ticksPerSecond: Double(max(1, sysconf(Int32(_SC_CLK_TCK)))),
            own: Double(own.tv_sec) + Double(own.tv_nsec) * 1e-9)
    }

    /// The line `cpu user nice system idle iowait irq softirq steal …` of `/proc/stat`, which counts ticks.
    static func parse(_ text: String, ticksPerSecond: Double, own: Double) -> MachineLoad? {
        guard let line = text.split(whereSeparator: \.isNewline).first(where: { $0.hasPrefix("cpu ") }) else {
            return nil
        }
        let fields = line.split(separator: " ").dropFirst().map { Double($0) }
        guard fields.count >= 8, !fields.prefix(8).contains(nil) else { return nil }
        // What follows (guests) is counted in user and nice already.
        let times = fields.prefix(8).compactMap { $0.map { $0 / ticksPerSecond } }
        return MachineLoad(totalS: times.reduce(0, +), idleS: times[3] + times[4], stealS: times[7], ownS: own)
    }

    /// Shares of the cores' time since `earlier` that the hypervisor and that other processes took; nil for no time.
    package func shares(since earlier: MachineLoad) -> (steal: Double, others: Double)? {
        let total = totalS - earlier.totalS
        guard total > 0 else { return nil }
        let steal = stealS - earlier.stealS
        let others = total - (idleS - earlier.idleS) - steal - (ownS - earlier.ownS)
        // Ticks are coarse: a little below zero is none.
        return (max(0, steal / total), max(0, others / total))
    }
}
