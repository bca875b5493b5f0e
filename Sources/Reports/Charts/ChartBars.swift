/// Draws bars: upright, or lying where the y axis holds names. Several series share the place of one.
struct ChartBars {
    private let chart: Chart
    private let layout: ChartLayout
    private let isHorizontal: Bool
    /// Indices of the series that are bars.
    private let members: [Int]
    /// Pixels that the bars at one place have together, unless a series has its own `barWidth`.
    private let slot: Double

    init(_ chart: Chart, _ layout: ChartLayout) {
        self.chart = chart
        self.layout = layout
        isHorizontal = layout.y.isCategorical
        members = chart.series.indices.filter { chart.series[$0].kind == .bars }
        let scale = isHorizontal ? layout.y : layout.x
        let places = members.flatMap { chart.series[$0].points }.compactMap {
            scale.position(layout.y.isCategorical ? $0.y : $0.x)
        }
        let distance =
            Set(places).count > 1
            ? ChartContent.leastDistance(places)
            : (scale.end - scale.start).magnitude / Double(max(scale.isCategorical ? scale.labels.count : 1, 1))
        slot = min(distance * 0.8, 90)
    }

    func draw(_ index: Int, into svg: inout SVGText) {
        let series = chart.series[index]
        for point in series.points {
            guard let x = layout.x.position(point.x), let y = layout.y.position(point.y) else { continue }
            let center = moved(x, y, series: index)
            let thickness = max(width(index, at: point) - 1, 1)
            let scale = isHorizontal ? layout.x : layout.y
            let base = scale.clamped(scale.isLogarithmic ? scale.domain.lowerBound : 0) ?? scale.start
            let (from, to) = isHorizontal ? (base, x) : (base, y)
            let (low, length) = (min(from, to), (to - from).magnitude)
            let box =
                isHorizontal
                ? (low, center.y - thickness / 2, length, thickness)
                : (center.x - thickness / 2, low, thickness, length)
            svg.element(
                "rect",
                [
                    "class": ChartTheme.className(chart.color(of: index)), "x": SVGText.number(box.0),
                    "y": SVGText.number(box.1), "width": SVGText.number(box.2), "height": SVGText.number(box.3),
                ], hint: ChartDescription.hint(point, series, chart))
        }
    }

    /// The middle of a bar that belongs to a point at (x, y).
    func moved(_ x: Double, _ y: Double, series: Int) -> (x: Double, y: Double) {
        guard let place = members.firstIndex(of: series) else { return (x, y) }
        let share = (Double(place) + 0.5) / Double(members.count) - 0.5
        let whole = chart.series[series].barWidth.map(pixels) ?? slot
        return isHorizontal ? (x, y + share * whole) : (x + share * whole, y)
    }

    private func width(_ series: Int, at point: Chart.Point) -> Double {
        (chart.series[series].barWidth.map(pixels) ?? slot) / Double(members.count)
    }

    /// A width in data units; on a logarithmic axis it has none.
    private func pixels(_ width: Double) -> Double {
        let scale = isHorizontal ? layout.y : layout.x
        if scale.isLogarithmic { return slot }
        return (width / (scale.domain.upperBound - scale.domain.lowerBound) * (scale.end - scale.start)).magnitude
    }
}
