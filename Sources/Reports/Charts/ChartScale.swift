import Foundation

/// Where the values of one axis come to lie.
struct ChartScale {
    let axis: Chart.Axis
    /// In data units.
    let domain: ClosedRange<Double>
    /// Pixels of the domain's lower and upper end.
    let start, end: Double
    let ticks: ChartTicks
    let labels: [String]

    /// - Parameters:
    ///   - values: everything the axis has to hold; what it cannot hold is left out.
    ///   - isRounded: whether the domain reaches to the next ticks.
    ///   - margin: what to leave free beyond the values on both sides, in data units (half a bar).
    init(
        _ axis: Chart.Axis, values: [Double], includesZero: Bool, isRounded: Bool, margin: Double = 0, start: Double,
        end: Double, tickCount: Int
    ) {
        self.axis = axis
        self.start = start
        self.end = end
        if case .categories(let names) = axis.scale {
            domain = -0.5...Double(max(names.count, 1)) - 0.5
            ticks = ChartTicks(values: names.indices.map(Double.init))
            labels = names
            return
        }
        let domain = Self.domain(axis, values, includesZero, margin)
        switch axis.scale {
        case .log2: ticks = .logarithmic(domain, base: 2, count: tickCount)
        case .log10: ticks = .logarithmic(domain, base: 10, count: tickCount)
        default:
            let rounded = isRounded && axis.range == nil
            self.domain = rounded ? ChartTicks.rounded(domain, count: tickCount, style: axis.style) : domain
            ticks = .linear(self.domain, count: tickCount, style: axis.style)
            labels = ChartNumbers(style: axis.style).labels(ticks)
            return
        }
        self.domain = domain
        labels = ChartNumbers(style: axis.style).labels(ticks)
    }

    var isLogarithmic: Bool { axis.scale == .log2 || axis.scale == .log10 }
    var isCategorical: Bool { if case .categories = axis.scale { true } else { false } }

    /// The pixel of a value; nil for what the axis cannot show: infinities, NaN, and zero or less on a logarithm.
    func position(_ value: Double) -> Double? {
        guard Self.canShow(value, axis.scale) else { return nil }
        return start + share(of: value) * (end - start)
    }

    /// The pixel, kept within the plot.
    func clamped(_ value: Double) -> Double? {
        position(min(max(value, domain.lowerBound), domain.upperBound))
    }

    private func share(of value: Double) -> Double {
        guard isLogarithmic else {
            return (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
        }
        return log(value / domain.lowerBound) / log(domain.upperBound / domain.lowerBound)
    }

    static func canShow(_ value: Double, _ scale: Chart.Scale) -> Bool {
        // Beyond this, differences of two values are infinite; on a logarithm, quotients.
        guard scale == .log2 || scale == .log10 else { return value.magnitude < 1e300 }
        return value > 1e-150 && value < 1e150
    }

    private static func domain(
        _ axis: Chart.Axis, _ values: [Double], _ includesZero: Bool, _ margin: Double
    ) -> ClosedRange<Double> {
        let isLogarithmic = axis.scale == .log2 || axis.scale == .log10
        if let range = axis.range, range.lowerBound < range.upperBound, canShow(range.lowerBound, axis.scale),
            canShow(range.upperBound, axis.scale)
        {
            return range
        }
        let shown = values.filter { canShow($0, axis.scale) }
        guard var low = shown.min(), var high = shown.max() else { return isLogarithmic ? 1...10 : 0...1 }
        if isLogarithmic {
            // A margin of a thirtieth, or a factor of two around a single value.
            let factor = low < high ? pow(high / low, 1.0 / 30) : 2
            return low / factor...high * factor
        }
        if includesZero { (low, high) = (min(low, 0), max(high, 0)) }
        (low, high) = (low - margin, high + margin)
        if low < high { return low...high }
        let room = low == 0 ? 1 : low.magnitude / 2
        return low - room...high + room
    }
}
