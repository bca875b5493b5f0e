import Foundation

/// Caches and clocks, where the host tells of them (virtual machines mostly do not).
package enum CPUFrequency {
    private static let root = "/sys/devices/system/cpu"

    /// Bytes of the largest cache of the first core; nil where the host does not tell.
    package static func lastLevelCacheBytes(root: String = root) -> Int? {
        (0..<8).compactMap { index -> Int? in
            let text = ProcFile.text("\(root)/cpu0/cache/index\(index)/size").trimmingCharacters(
                in: .whitespacesAndNewlines)
            guard let unit = text.last, let size = Int(text.dropLast()), size < 1 << 30 else { return nil }
            switch unit {
            case "K": return size << 10
            case "M": return size << 20
            default: return nil
            }
        }.max()
    }

    /// How the clock of the first core is governed, when that is not "performance"; nil also where it is not known.
    package static func slowGovernor(root: String = root) -> String? {
        let name = ProcFile.text("\(root)/cpu0/cpufreq/scaling_governor").trimmingCharacters(
            in: .whitespacesAndNewlines)
        return name.isEmpty || name == "performance" ? nil : name
    }
}
