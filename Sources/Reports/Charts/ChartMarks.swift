/// Draws what stands in the plot: bars, intervals, lines, marks and references.
struct ChartMarks {
    private let chart: Chart
    private let layout: ChartLayout
    private let bars: ChartBars

    /// Up to so many points are marked one by one, with whiskers; more are a line with a band.
    private static let fewPoints = 40

    init(_ chart: Chart, _ layout: ChartLayout) {
        self.chart = chart
        self.layout = layout
        bars = ChartBars(chart, layout)
    }

    mutating func draw(into svg: inout SVGText) {
        for index in chart.series.indices where chart.series[index].kind == .bars { bars.draw(index, into: &svg) }
        for reference in chart.references { draw(reference, into: &svg) }
        for index in chart.series.indices { drawIntervals(index, into: &svg) }
        for index in chart.series.indices { drawLine(index, into: &svg) }
        for index in chart.series.indices { drawMarks(index, into: &svg) }
    }

    private func place(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
        guard let x = layout.x.position(x), let y = layout.y.position(y) else { return nil }
        return (x, y)
    }

    private func draw(_ reference: Chart.Reference, into svg: inout SVGText) {
        let points: [(Double, Double)]
        switch reference.shape {
        case .horizontal(let value):
            guard let y = layout.y.position(value) else { return }
            points = [(layout.left, y), (layout.right, y)]
        case .vertical(let value):
            guard let x = layout.x.position(value) else { return }
            points = [(x, layout.top), (x, layout.bottom)]
        case .path(let path): points = path.compactMap { place($0.x, $0.y) }
        }
        svg.element("path", ["class": "reference", "d": Self.path(points)])
    }

    private func drawLine(_ index: Int, into svg: inout SVGText) {
        let series = chart.series[index]
        guard series.kind == .line || series.kind == .steps else { return }
        let color = chart.color(of: index)
        // A value that cannot be shown interrupts the line.
        for run in series.points.map({ place($0.x, $0.y) }).split(whereSeparator: { $0 == nil }) {
            var points = run.compactMap { $0 }
            if series.kind == .steps {
                points = points.indices.flatMap { step in
                    step == 0 ? [points[step]] : [(points[step].x, points[step - 1].y), points[step]]
                }
            }
            svg.element(
                "path",
                [
                    "class": "line \(ChartTheme.className(color))", "stroke-dasharray": ChartTheme.dash(color),
                    "d": Self.path(points),
                ])
        }
    }

    private func drawIntervals(_ index: Int, into svg: inout SVGText) {
        let series = chart.series[index]
        let name = ChartTheme.className(chart.color(of: index))
        if series.points.count > Self.fewPoints && series.kind == .line {
            let edges = series.points.compactMap { point in
                point.yInterval.flatMap { interval -> (Double, Double, Double)? in
                    guard let x = layout.x.position(point.x), let low = layout.y.clamped(interval.lowerBound),
                        let high = layout.y.clamped(interval.upperBound)
                    else { return nil }
                    return (x, low, high)
                }
            }
            let outline = edges.map { ($0.0, $0.2) } + edges.reversed().map { ($0.0, $0.1) }
            if !outline.isEmpty {
                svg.element("path", ["class": "band \(name)", "d": Self.path(outline) + "Z"])
            }
            return
        }
        for point in series.points {
            guard var (x, y) = place(point.x, point.y) else { continue }
            if series.kind == .bars { (x, y) = bars.moved(x, y, series: index) }
            if let interval = point.yInterval, let low = layout.y.clamped(interval.lowerBound),
                let high = layout.y.clamped(interval.upperBound)
            {
                svg.element(
                    "path",
                    [
                        "class": whisker(series, name),
                        "d": Self.path([(x, low), (x, high)]) + Self.path([(x - 4, low), (x + 4, low)])
                            + Self.path([(x - 4, high), (x + 4, high)]),
                    ])
            }
            if let interval = point.xInterval, let low = layout.x.clamped(interval.lowerBound),
                let high = layout.x.clamped(interval.upperBound)
            {
                svg.element(
                    "path",
                    [
                        "class": whisker(series, name),
                        "d": Self.path([(low, y), (high, y)]) + Self.path([(low, y - 4), (low, y + 4)])
                            + Self.path([(high, y - 4), (high, y + 4)]),
                    ])
            }
        }
    }

    /// On a bar of its own colour a whisker would be half invisible.
    private func whisker(_ series: Chart.Series, _ name: String) -> String {
        series.kind == .bars ? "interval ink" : "interval \(name)"
    }

    private func drawMarks(_ index: Int, into svg: inout SVGText) {
        let series = chart.series[index]
        guard series.kind == .points || series.kind == .line && series.points.count <= Self.fewPoints else { return }
        let color = chart.color(of: index)
        for point in series.points {
            guard let (x, y) = place(point.x, point.y) else { continue }
            svg.element(
                "path", ["class": "mark \(ChartTheme.className(color))", "d": Self.shape(color, x, y)],
                hint: ChartDescription.hint(point, series, chart))
        }
    }

    /// The sample of a series that stands in the legend, with its middle at `y`.
    static func swatch(_ series: Chart.Series, _ color: Int, x: Double, y: Double, into svg: inout SVGText) {
        let name = ChartTheme.className(color)
        if series.kind == .bars {
            svg.element(
                "rect",
                [
                    "class": name, "x": SVGText.number(x + 2), "y": SVGText.number(y - 6), "width": "16",
                    "height": "12",
                    "rx": "2",
                ])
            return
        }
        if series.kind != .points {
            svg.element(
                "path",
                [
                    "class": "line \(name)", "stroke-dasharray": ChartTheme.dash(color),
                    "d": path([(x, y), (x + 20, y)]),
                ])
        }
        if series.kind != .steps {
            svg.element("path", ["class": "mark \(name)", "d": shape(color, x + 10, y)])
        }
    }

    static func path(_ points: [(Double, Double)]) -> String {
        points.enumerated().map {
            ($0.offset == 0 ? "M" : "L") + SVGText.number($0.element.0) + " " + SVGText.number($0.element.1)
        }.joined()
    }

    /// A closed shape about a point: circle, square, triangle, diamond, triangle upside down, cross.
    private static func shape(_ color: Int, _ x: Double, _ y: Double) -> String {
        let corners: [(Double, Double)] =
            switch (color % 6 + 6) % 6 {
            case 1: [(-4, -4), (4, -4), (4, 4), (-4, 4)]
            case 2: [(0, -5.5), (5, 4), (-5, 4)]
            case 3: [(0, -6), (6, 0), (0, 6), (-6, 0)]
            case 4: [(0, 5.5), (5, -4), (-5, -4)]
            case 5:
                [
                    (-2, -5.5), (2, -5.5), (2, -2), (5.5, -2), (5.5, 2), (2, 2), (2, 5.5), (-2, 5.5), (-2, 2),
                    (-5.5, 2),
                    (-5.5, -2), (-2, -2),
                ]
            default: []
            }
        if corners.isEmpty {
            return "M\(SVGText.number(x - 4.5)) \(SVGText.number(y))a4.5 4.5 0 1 1 9 0a4.5 4.5 0 1 1 -9 0Z"
        }
        return path(corners.map { (x + $0.0, y + $0.1) }) + "Z"
    }
}
