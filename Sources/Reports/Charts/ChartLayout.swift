/// Where everything in a chart comes to lie, in CSS pixels from the upper left corner.
struct ChartLayout {
    let title: [String]
    let subtitle: [String]
    let legend: [LegendEntry]
    let isDirect: Bool
    let width, height: Double
    let left, right, top, bottom: Double
    let x, y: ChartScale

    struct LegendEntry {
        var series: Int
        var x: Double
        /// Of the row's middle.
        var y: Double
    }

    static let margin = 16.0
    static let titleLine = 20.0
    static let line = 17.0
    static let legendRow = 20.0
    static let legendSwatch = 26.0

    init(_ chart: Chart) {
        width = max(chart.width, 160)
        let inner = width - 2 * Self.margin
        title = ChartText.lines(chart.title, width: inner, size: 15)
        subtitle = ChartText.lines(chart.subtitle, width: inner)
        isDirect = chart.showsNamesDirectly
        let below = 12 + Double(title.count) * Self.titleLine + Double(subtitle.count) * Self.line
        legend = chart.showsLegend ? Self.legend(chart.series.map(\.name), from: below + 6, width: width) : []
        let labelTop = legend.last.map { $0.y + Self.legendRow / 2 } ?? below
        top = labelTop + (chart.y.label.isEmpty ? 12 : 32)
        let under = Self.margin + Self.line + (chart.x.label.isEmpty ? 0 : Self.line + 2)
        height = max(chart.height, top + under + 60)
        bottom = height - under

        let content = ChartContent(chart)
        y = ChartScale(
            chart.y, values: content.y, includesZero: chart.y.includesZero ?? true, isRounded: true,
            start: content.yDescends ? top : bottom, end: content.yDescends ? bottom : top,
            tickCount: max(2, Int((bottom - top) / 45)))
        let labels = y.labels.map { ChartText.width($0) }.max() ?? 0
        left = Self.margin + min(labels, width * 0.4) + 8
        let names = isDirect ? chart.series.map { ChartText.width($0.name) + 14 }.max() ?? 0 : 0
        right = width - Self.margin - max(8, min(names, width * 0.35))
        x = ChartScale(
            chart.x, values: content.x, includesZero: chart.x.includesZero ?? content.barsAreHorizontal,
            isRounded: content.barsAreHorizontal, margin: content.barMargin, start: left, end: right,
            tickCount: max(2, Int((right - left) / (chart.x.scale == .log2 ? 50 : 85))))
    }

    private static func legend(_ names: [String], from top: Double, width: Double) -> [LegendEntry] {
        var entries: [LegendEntry] = []
        var (x, y) = (margin, top + legendRow / 2)
        for (index, name) in names.enumerated() {
            let needed = legendSwatch + ChartText.width(name) + 16
            if x > margin && x + needed > width - margin { (x, y) = (margin, y + legendRow) }
            entries.append(LegendEntry(series: index, x: x, y: y))
            x += needed
        }
        return entries
    }
}

extension Chart {
    /// Whether the lines end at one x, where there is room for their names.
    private var linesEndTogether: Bool {
        series.allSatisfy { ($0.kind == .line || $0.kind == .steps) && $0.points.last?.x == series[0].points.last?.x }
    }

    /// Beyond six, the names would no longer stand beside their lines.
    var showsNamesDirectly: Bool {
        names == .direct || names == .automatic && series.count > 1 && series.count <= 6 && linesEndTogether
    }

    var showsLegend: Bool {
        names == .legend || names == .automatic && series.count > 1 && !showsNamesDirectly
    }
}

/// What the axes have to hold.
struct ChartContent {
    var x: [Double] = []
    var y: [Double] = []
    var barMargin = 0.0
    let barsAreHorizontal: Bool
    /// The first category of a y axis is at the top.
    let yDescends: Bool

    init(_ chart: Chart) {
        if case .categories = chart.y.scale { yDescends = true } else { yDescends = false }
        let bars = chart.series.filter { $0.kind == .bars }
        barsAreHorizontal = yDescends && !bars.isEmpty
        for point in chart.series.flatMap(\.points) {
            x += [point.x] + Self.ends(point.xInterval)
            y += [point.y] + Self.ends(point.yInterval)
        }
        for reference in chart.references {
            switch reference.shape {
            case .horizontal(let value): y.append(value)
            case .vertical(let value): x.append(value)
            case .path(let points):
                x += points.map(\.x)
                y += points.map(\.y)
            }
        }
        guard !bars.isEmpty, !barsAreHorizontal, chart.x.scale == .linear else { return }
        barMargin =
            bars.map { $0.barWidth ?? Self.leastDistance(bars.flatMap(\.points).map(\.x)) }.max().map { $0 / 2 } ?? 0
        if !barMargin.isFinite { barMargin = 0 }
    }

    /// The least distance between two different values; 1 if there is none.
    static func leastDistance(_ values: [Double]) -> Double {
        let sorted = values.filter { $0.magnitude < 1e300 }.sorted()
        return zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > 0 }.min() ?? 1
    }

    private static func ends(_ interval: ClosedRange<Double>?) -> [Double] {
        interval.map { [$0.lowerBound, $0.upperBound] } ?? []
    }
}
