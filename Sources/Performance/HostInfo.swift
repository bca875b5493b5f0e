import Foundation
import RunRecords

/// What this machine is, as far as this process may use it.
package enum HostInfo {
    /// - Parameters:
    ///   - blas: what the BLAS library says of itself.
    ///   - kernels: the native kernels' instruction set in use.
    package static func record(blas: BLASRecord, kernels: String) -> HostRecord {
        let cpuinfo = ProcFile.text("/proc/cpuinfo")
        let limits = ContainerLimits.read()
        return HostRecord(
            cpu: cpuModel(cpuinfo: cpuinfo), logicalCores: logicalCores(quota: limits.cores),
            features: features(cpuinfo: cpuinfo), memoryBytes: memoryBytes(limit: limits.memoryBytes),
            os: operatingSystem(release: ProcFile.text("/etc/os-release")), kernel: kernelRelease, blas: blas,
            kernels: kernels, loadAverage: loadAverage)
    }

    /// Processes that were running or waiting to run, averaged over the last minute; nil where the host does not tell.
    package static var loadAverage: Double? {
        var average = 0.0
        return getloadavg(&average, 1) == 1 ? average : nil
    }

    /// Cores this process may use: its affinity, and a container's quota rounded up.
    package static func logicalCores(quota: Double? = ContainerLimits.read().cores) -> Int {
        let cores = allowedCores ?? ProcessInfo.processInfo.activeProcessorCount
        guard let quota, quota < Double(cores) else { return cores }
        return max(1, Int(quota.rounded(.up)))
    }

    /// Cores that are online and that the affinity of this process names.
    private static var allowedCores: Int? {
        let allowed = ProcFile.value("Cpus_allowed_list", in: ProcFile.text("/proc/self/status"))
        let online = cores(inList: ProcFile.text("/sys/devices/system/cpu/online"))
        guard let allowed = allowed.flatMap(cores(inList:)) else { return nil }
        let usable = online.map(allowed.intersection) ?? allowed
        return usable.isEmpty ? nil : usable.count
    }

    /// The numbers in a list such as `0-3,8`; nil if it is none.
    static func cores(inList list: String) -> Set<Int>? {
        var cores: Set<Int> = []
        for part in list.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: ",") {
            let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard bounds.count <= 2, let first = bounds[0], let last = bounds[bounds.count - 1], first >= 0,
                first <= last, last < 1 << 20
            else { return nil }
            cores.formUnion(first...last)
        }
        return cores.isEmpty ? nil : cores
    }

    static func memoryBytes(limit: Int?) -> Int {
        let physical = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        let total = ProcFile.kibibytes("MemTotal", in: ProcFile.text("/proc/meminfo")) ?? physical
        return min(total, limit ?? total)
    }

    /// Memory that can be had now without swapping, a container's limit considered; nil where the host does not tell.
    package static var availableMemoryBytes: Int? {
        let host = ProcFile.kibibytes("MemAvailable", in: ProcFile.text("/proc/meminfo"))
        return [host, ContainerLimits.read().availableBytes].compactMap(\.self).min()
    }

    static func operatingSystem(release: String) -> String {
        ProcFile.value("PRETTY_NAME", in: release, separator: "=")?.trimmingCharacters(
            in: CharacterSet(charactersIn: "\"'"))
            ?? ProcessInfo.processInfo.operatingSystemVersionString
    }

    /// As `uname -sr` prints it.
    private static var kernelRelease: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return withUnsafeBytes(of: name.sysname, cString) + " " + withUnsafeBytes(of: name.release, cString)
    }

    private static func cString(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
