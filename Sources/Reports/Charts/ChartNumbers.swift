import Foundation

/// Numbers in a chart, in `Quantity`'s words.
struct ChartNumbers {
    let style: Chart.Style

    /// A single value, as a hint tells it: `48.2`, `14.6 %`, `3.91 GiB`, `12.3 ms`.
    func value(_ value: Double) -> String {
        switch style {
        case .number, .count:
            value == value.rounded() ? Quantity.wholeCount(value) : Quantity.rate(value)
        case .percent: Quantity.percent(value)
        case .bytes: Quantity.size(value)
        case .seconds: Quantity.seconds(value)
        }
    }

    /// The labels of an axis: all in one unit, with just the digits that tell neighbours apart.
    func labels(_ ticks: ChartTicks) -> [String] {
        let largest = ticks.values.map(\.magnitude).max() ?? 0
        let unit = unit(upTo: largest, step: ticks.step)
        return ticks.values.map { value in
            // On a logarithmic axis neighbours differ by orders of magnitude, each with its own digits.
            let digits = Self.digits((ticks.step ?? value) / unit.size)
            if value == 0 { return style == .percent ? "0 %" : "0" }
            return Self.grouped(value / unit.size, digits) + unit.name
        }
    }

    /// - Parameter step: nil on logarithmic axes, where small numbers would vanish in the unit of the largest.
    private func unit(upTo largest: Double, step: Double?) -> (size: Double, name: String) {
        let units: [(size: Double, name: String)] =
            switch style {
            case .number, .count: [(1, ""), (1e6, " M"), (1e9, " G"), (1e12, " T")]
            case .percent: [(0.01, " %")]
            case .bytes:
                [(1, " B"), (1024, " KiB"), (1_048_576, " MiB"), (1_073_741_824, " GiB"), (1_099_511_627_776, " TiB")]
            case .seconds: [(1e-6, " µs"), (1e-3, " ms"), (1, " s")]
            }
        let fitting = step == nil && style != .bytes ? largest / 1000 : largest
        return units.last { $0.size <= fitting } ?? units[0]
    }

    /// Decimals that a step of this size needs.
    private static func digits(_ step: Double) -> Int {
        guard step > 0, step.isFinite else { return 0 }
        return min(9, max(0, Int((-log10(step) - 1e-9).rounded(.up))))
    }

    private static func grouped(_ value: Double, _ digits: Int) -> String {
        if digits == 0 && value.magnitude < 1e15 { return Quantity.wholeCount(value) }
        return Quantity.fixed(value, digits)
    }
}
