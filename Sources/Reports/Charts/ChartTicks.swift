import Foundation

/// Round numbers along an axis.
struct ChartTicks: Equatable {
    /// Ascending, in data units.
    var values: [Double]
    /// The distance between neighbours on a linear axis; nil on others.
    var step: Double?

    /// Multiples of 1, 2 or 5 times a power of ten that lie in `domain`, about `count` of them.
    static func linear(_ domain: ClosedRange<Double>, count: Int, style: Chart.Style) -> ChartTicks {
        let step = niceStep((domain.upperBound - domain.lowerBound) / Double(max(count, 1)), style: style)
        let first = (domain.lowerBound / step - 1e-9).rounded(.up)
        let last = (domain.upperBound / step + 1e-9).rounded(.down)
        guard first.magnitude < 1e9, last.magnitude < 1e9, first <= last else {
            return ChartTicks(values: [domain.lowerBound], step: step)
        }
        // -0 would be written with its sign.
        return ChartTicks(values: (Int(first)...Int(last)).map { Double($0) * step + 0 }, step: step)
    }

    /// Powers of `base` in `domain`, thinned to about `count`; where a decade or two are all there is, 2 and 5 times them
    /// too.
    static func logarithmic(_ domain: ClosedRange<Double>, base: Double, count: Int) -> ChartTicks {
        let first = (log(domain.lowerBound) / log(base) - 1e-9).rounded(.up)
        let last = (log(domain.upperBound) / log(base) + 1e-9).rounded(.down)
        guard first <= last else { return ChartTicks(values: [domain.lowerBound]) }
        let powers = Int(first)...Int(last)
        if base == 10 && powers.count <= 2 {
            let values = (powers.lowerBound - 1...powers.upperBound).flatMap { exponent in
                [1, 2, 5].map { $0 * pow(10, Double(exponent)) }
            }
            return ChartTicks(values: values.filter { domain.contains($0) })
        }
        let stride = max(1, (powers.count + count - 1) / max(count, 1))
        return ChartTicks(
            values: powers.filter { ($0 - powers.lowerBound).isMultiple(of: stride) }.map { pow(base, Double($0)) })
    }

    /// `domain` widened to the next ticks on both sides.
    static func rounded(_ domain: ClosedRange<Double>, count: Int, style: Chart.Style) -> ClosedRange<Double> {
        let step = niceStep((domain.upperBound - domain.lowerBound) / Double(max(count, 1)), style: style)
        let low = (domain.lowerBound / step + 1e-9).rounded(.down) * step
        let high = (domain.upperBound / step - 1e-9).rounded(.up) * step
        return low < high ? low...high : domain
    }

    /// The least of 1, 2, 5, 10, … that is not below `rough`; of bytes, the least power of two.
    static func niceStep(_ rough: Double, style: Chart.Style) -> Double {
        guard rough > 0, rough.isFinite else { return 1 }
        if style == .bytes { return max(1, exp2((log2(rough) - 1e-9).rounded(.up))) }
        let power = pow(10, log10(rough).rounded(.down))
        let factor = [1, 2, 5, 10].first { $0 * power >= rough * (1 - 1e-9) } ?? 10
        return style == .count ? max(1, factor * power) : factor * power
    }
}
