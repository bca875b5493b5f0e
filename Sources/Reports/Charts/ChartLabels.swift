/// Writes names and labels where they cover neither each other nor the marks.
struct ChartLabels {
    private let chart: Chart
    private let layout: ChartLayout
    private let bars: ChartBars

    private struct Box {
        var left, top, right, bottom: Double

        func overlaps(_ other: Box) -> Bool {
            left < other.right && other.left < right && top < other.bottom && other.top < bottom
        }
    }

    init(_ chart: Chart, _ layout: ChartLayout) {
        self.chart = chart
        self.layout = layout
        bars = ChartBars(chart, layout)
    }

    func draw(into svg: inout SVGText) {
        var taken = marks
        for reference in chart.references { draw(reference, &taken, into: &svg) }
        for (index, series) in chart.series.enumerated() {
            for point in series.points where !point.label.isEmpty { draw(point, of: index, &taken, into: &svg) }
        }
        if layout.isDirect { drawNames(into: &svg) }
        if chart.series.allSatisfy({ $0.points.isEmpty }) {
            text(
                "no data", "muted", (layout.left + layout.right) / 2, (layout.top + layout.bottom) / 2, "middle",
                into: &svg)
        }
    }

    private func place(_ point: Chart.Point) -> (x: Double, y: Double)? {
        guard let x = layout.x.position(point.x), let y = layout.y.position(point.y) else { return nil }
        return (x, y)
    }

    /// Every mark with its intervals, where there are few enough to keep clear of.
    private var marks: [Box] {
        chart.series.filter { $0.kind != .bars && $0.points.count <= 200 }.flatMap(\.points).flatMap { point -> [Box] in
            guard let (x, y) = place(point) else { return [] }
            var boxes = [Box(left: x - 5, top: y - 5, right: x + 5, bottom: y + 5)]
            if let interval = point.yInterval, let low = layout.y.clamped(interval.lowerBound),
                let high = layout.y.clamped(interval.upperBound)
            {
                boxes.append(Box(left: x - 4, top: min(low, high), right: x + 4, bottom: max(low, high)))
            }
            if let interval = point.xInterval, let low = layout.x.clamped(interval.lowerBound),
                let high = layout.x.clamped(interval.upperBound)
            {
                boxes.append(Box(left: min(low, high), top: y - 4, right: max(low, high), bottom: y + 4))
            }
            return boxes
        }
    }

    private func draw(_ reference: Chart.Reference, _ taken: inout [Box], into svg: inout SVGText) {
        guard !reference.label.isEmpty else { return }
        switch reference.shape {
        case .horizontal(let value):
            guard let y = layout.y.position(value) else { return }
            write(
                reference.label, "muted", [(layout.right, y - 6, "end"), (layout.left + 4, y - 6, "start")], &taken,
                into: &svg)
        case .vertical(let value):
            guard let x = layout.x.position(value) else { return }
            write(
                reference.label, "muted",
                [
                    (x + 6, layout.top + 10, "start"), (x - 6, layout.top + 10, "end"),
                    (x + 6, layout.top + 26, "start"),
                ],
                &taken, into: &svg)
        case .path(let points):
            guard let last = points.compactMap(place).last else { return }
            write(
                reference.label, "muted",
                [(min(last.x, layout.right), last.y - 6, "end"), (min(last.x, layout.right), last.y + 16, "end")],
                &taken,
                into: &svg)
        }
    }

    private func draw(_ point: Chart.Point, of index: Int, _ taken: inout [Box], into svg: inout SVGText) {
        guard let middle = place(point) else { return }
        let (x, y) = bars.moved(middle.x, middle.y, series: index)
        let places: [(Double, Double, String)] =
            chart.series[index].kind == .bars
            ? (layout.y.isCategorical ? [(x + 6, y + 4, "start")] : [(x, y - 6, "middle")])
            : [
                (x + 9, y + 4, "start"), (x, y - 10, "middle"), (x, y + 20, "middle"), (x - 9, y + 4, "end"),
                (x + 9, y - 8, "start"), (x + 9, y + 18, "start"), (x - 9, y - 8, "end"), (x - 9, y + 18, "end"),
            ]
        write(point.label, ChartTheme.className(chart.color(of: index)), places, &taken, into: &svg)
    }

    /// Writes at the first of `places` that is free and within the picture, or else at the very first.
    private func write(
        _ label: String, _ name: String, _ places: [(Double, Double, String)], _ taken: inout [Box],
        into svg: inout SVGText
    ) {
        let width = ChartText.width(label)
        func box(_ place: (Double, Double, String)) -> Box {
            let left = place.2 == "start" ? place.0 : place.2 == "end" ? place.0 - width : place.0 - width / 2
            return Box(left: left, top: place.1 - 11, right: left + width, bottom: place.1 + 3)
        }
        let free = places.first { place in
            let box = box(place)
            return box.left >= 0 && box.right <= layout.width && !taken.contains { $0.overlaps(box) }
        }
        guard let chosen = free ?? places.first else { return }
        taken.append(box(chosen))
        text(label, "halo \(name)", chosen.0, chosen.1, chosen.2, into: &svg)
    }

    /// The names of the series beside their last points, moved apart where they would touch.
    private func drawNames(into svg: inout SVGText) {
        let ends = chart.series.indices.compactMap { index in
            chart.series[index].points.compactMap(place).last.map { (index, $0) }
        }
        let heights = ChartText.spread(
            ends.map { min(max($0.1.y, layout.top), layout.bottom) }, gap: 15, within: layout.top...layout.bottom)
        for (end, y) in zip(ends, heights) {
            text(
                chart.series[end.0].name, ChartTheme.className(chart.color(of: end.0)),
                min(end.1.x, layout.right) + 10, y + 4, "start", into: &svg)
        }
    }

    private func text(
        _ text: String, _ name: String, _ x: Double, _ y: Double, _ anchor: String, into svg: inout SVGText
    ) {
        svg.element(
            "text", ["class": name, "text-anchor": anchor, "x": SVGText.number(x), "y": SVGText.number(y)], text)
    }
}
