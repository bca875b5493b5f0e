import Foundation
import RunRecords

/// Numbers as people read them; nil is "not measured".
package enum Quantity {
    static let notMeasured = "not measured"

    /// `1,234,567`.
    static func count(_ value: Int?) -> String {
        guard let value else { return notMeasured }
        var digits = Array(String(value.magnitude))
        for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
        return (value < 0 ? "-" : "") + String(digits)
    }

    /// Likewise, to whole numbers; what has more digits than a `Double` knows keeps its exponent.
    static func wholeCount(_ value: Double?) -> String {
        guard let value, value.isFinite else { return notMeasured }
        return value.magnitude < 1e15 ? count(Int(value.rounded())) : String(value)
    }

    /// `14.6 %`.
    static func percent(_ share: Double?) -> String {
        share.map { fixed($0 * 100, 1) + " %" } ?? notMeasured
    }

    /// `41.0 % (33.1 % to 49.0 %)`.
    static func passAtK(_ accuracy: AccuracyRecord, _ k: Int) -> String {
        guard let entry = accuracy.passAtK.first(where: { $0.k == k }) else { return notMeasured }
        return "\(percent(entry.value)) (\(interval(entry.ci95)))"
    }

    /// `9.9 % to 20.8 %`.
    static func interval(_ bounds: [Double]?) -> String {
        guard let bounds, bounds.count == 2 else { return notMeasured }
        return "\(percent(bounds[0])) to \(percent(bounds[1]))"
    }

    /// `412.5 MiB`, `3.91 GiB`.
    package static func bytes(_ value: Int?) -> String {
        size(value.map(Double.init))
    }

    /// Likewise, of what was averaged or drawn: reports come from files, and no number in them may be too large for us.
    static func size(_ size: Double?) -> String {
        guard let size, size.isFinite else { return notMeasured }
        if size >= 1024 * 1024 * 1024 { return fixed(size / (1024 * 1024 * 1024), 2) + " GiB" }
        if size >= 1024 * 1024 { return fixed(size / (1024 * 1024), 1) + " MiB" }
        return size >= 1024 ? fixed(size / 1024, 1) + " KiB" : fixed(size.rounded(), 0) + " B"
    }

    /// `12.3 ms`, `1.84 s`, `2 min 31 s`, `1 h 02 min`.
    static func seconds(_ value: Double?) -> String {
        guard let value, value.isFinite else { return notMeasured }
        if value < 1 { return significant(value * 1000) + " ms" }
        if value < 59.95 { return significant(value) + " s" }
        return duration(value)
    }

    /// Whole seconds in words: `31 s`, `2 min 31 s`, `1 h 02 min`.
    static func duration(_ value: Double) -> String {
        let total = Int(exactly: min(max(value, 0), 1e9).rounded()) ?? 0
        if total < 60 { return "\(total) s" }
        if total < 3600 { return "\(total / 60) min \(padded(total % 60)) s" }
        return "\(total / 3600) h \(padded(total % 3600 / 60)) min"
    }

    /// Three significant digits and a unit a second: `48.2 tokens/s`.
    static func rate(_ value: Double?) -> String {
        guard let value, value.isFinite else { return notMeasured }
        return significant(value)
    }

    /// `1.54 B`, `134.5 M`.
    package static func parameters(_ value: Int?) -> String {
        guard let value else { return notMeasured }
        if value >= 1_000_000_000 { return fixed(Double(value) / 1e9, 2) + " B" }
        return value >= 1_000_000 ? fixed(Double(value) / 1e6, 1) + " M" : count(value)
    }

    static func fixed(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }

    private static func significant(_ value: Double) -> String {
        switch abs(value) {
        case ..<9.995: fixed(value, 2)
        case ..<99.95: fixed(value, 1)
        default: wholeCount(value)
        }
    }

    private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
}
