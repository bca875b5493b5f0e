import Foundation

/// What the control groups of this process allow: the tightest of the group and those it lies in.
struct ContainerLimits: Equatable {
    /// Cores' worth of time, e.g. 1.5; nil without a quota.
    var cores: Double?
    var memoryBytes: Int?
    /// What is left of the limit: not taken, or taken by files that can be dropped.
    var availableBytes: Int?

    /// - Parameters:
    ///   - root: where control groups are mounted.
    ///   - membership: the text of `/proc/self/cgroup`.
    static func read(
        root: String = "/sys/fs/cgroup", membership: String = ProcFile.text("/proc/self/cgroup")
    ) -> ContainerLimits {
        var limits = ContainerLimits()
        // `hierarchy:controllers:path`; no controllers are named in version 2.
        for line in membership.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3 else { continue }
            for group in ancestors(of: parts[2]) {
                if parts[1].isEmpty {
                    limits.tighten(cores: unifiedQuota(ProcFile.text(root + group + "/cpu.max")))
                    limits.tighten(
                        memory: ProcFile.text(root + group + "/memory.max"),
                        used: ProcFile.text(root + group + "/memory.current"),
                        statistics: ProcFile.text(root + group + "/memory.stat"), droppable: "inactive_file")
                    continue
                }
                for controller in parts[1].split(separator: ",") where controller == "cpu" || controller == "memory" {
                    let folder = "\(root)/\(controller)\(group)"
                    limits.tighten(
                        cores: quota(
                            ProcFile.text(folder + "/cpu.cfs_quota_us"), ProcFile.text(folder + "/cpu.cfs_period_us")))
                    limits.tighten(
                        memory: ProcFile.text(folder + "/memory.limit_in_bytes"),
                        used: ProcFile.text(folder + "/memory.usage_in_bytes"),
                        statistics: ProcFile.text(folder + "/memory.stat"), droppable: "total_inactive_file")
                }
            }
        }
        return limits
    }

    /// `/a/b` → `/a/b`, `/a` and the root, which inside a container is the container's own group.
    private static func ancestors(of path: String) -> [String] {
        let names = path.split(separator: "/")
        return (0...names.count).reversed().map { names[..<$0].map { "/" + $0 }.joined() }
    }

    private static func unifiedQuota(_ text: String) -> Double? {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        return words.count == 2 ? quota(words[0], words[1]) : nil
    }

    private static func quota(_ quota: String, _ period: String) -> Double? {
        guard let quota = Double(quota.trimmingCharacters(in: .whitespacesAndNewlines)),
            let period = Double(period.trimmingCharacters(in: .whitespacesAndNewlines)), quota > 0, period > 0
        else { return nil }
        return quota / period
    }

    private mutating func tighten(cores other: Double?) {
        if let other { cores = min(cores ?? other, other) }
    }

    /// - Parameters:
    ///   - limit: bytes, or "max".
    ///   - used: bytes.
    ///   - statistics: lines of a name and a number, among them the bytes of files that can be dropped.
    private mutating func tighten(memory limit: String, used: String, statistics: String, droppable: String) {
        func number(_ text: some StringProtocol) -> Int? {
            Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        guard let limit = number(limit), limit > 0 else { return }
        memoryBytes = min(memoryBytes ?? limit, limit)
        guard let used = number(used), used >= 0 else { return }
        let line = statistics.split(whereSeparator: \.isNewline).first { $0.hasPrefix(droppable + " ") }
        let files = line.flatMap { number($0.dropFirst(droppable.count)) } ?? 0
        let left = max(0, limit - max(0, used - files))
        availableBytes = min(availableBytes ?? left, left)
    }
}
