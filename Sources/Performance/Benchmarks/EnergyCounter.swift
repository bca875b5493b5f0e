import Foundation

/// Energy of the processor packages, as RAPL counts it (`/sys/class/powercap`, readable by root on most systems).
package struct EnergyCounter: Sendable {
    private struct Zone: Sendable {
        var path: String
        /// Where the counter begins anew.
        var range: Double
    }

    private let zones: [Zone]

    /// nil where the host offers no counter that this process may read.
    package init?(root: String = "/sys/class/powercap") {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        // `intel-rapl:0` is a package, `intel-rapl:0:1` a part of it; AMD's packages bear the same name.
        zones = names.filter { $0.split(separator: ":").count == 2 }.sorted().compactMap { name in
            let path = "\(root)/\(name)"
            guard ProcFile.text(path + "/name").hasPrefix("package"), Self.number(path + "/energy_uj") != nil,
                let range = Self.number(path + "/max_energy_range_uj")
            else { return nil }
            return Zone(path: path, range: range)
        }
        if zones.isEmpty { return nil }
    }

    /// Microjoules of each package since some beginning; nil if one cannot be read any more.
    package func read() -> [Double]? {
        let values = zones.compactMap { Self.number($0.path + "/energy_uj") }
        return values.count == zones.count ? values : nil
    }

    /// Joules from one reading to the other. A counter that began anew in between has gone through its range once.
    package func joules(from earlier: [Double], to later: [Double]) -> Double? {
        guard earlier.count == zones.count, later.count == zones.count else { return nil }
        return zip(zones, zip(earlier, later)).reduce(0) { sum, reading in
            let (zone, (before, after)) = reading
            return sum + (after >= before ? after - before : after + zone.range - before)
        } / 1e6
    }

    private static func number(_ path: String) -> Double? {
        Double(ProcFile.text(path).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
