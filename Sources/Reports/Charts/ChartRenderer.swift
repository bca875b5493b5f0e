extension Chart {
    /// The chart as a self-contained SVG file: no fonts, scripts or other files are needed to show it, and it follows the
    /// reader's light or dark theme, as an image in a page of Markdown too.
    package func svg() -> String {
        var renderer = ChartRenderer(self)
        return renderer.render()
    }
}

/// Draws the frame of a chart and has its marks drawn.
struct ChartRenderer {
    private let chart: Chart
    private let layout: ChartLayout
    private let identifier: String
    private var svg = SVGText()

    init(_ chart: Chart) {
        self.chart = chart
        layout = ChartLayout(chart)
        identifier = Self.identifier(chart)
    }

    mutating func render() -> String {
        let size = (SVGText.number(layout.width), SVGText.number(layout.height))
        svg.open(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "yb-chart", "role": "img",
                "viewBox": "0 0 \(size.0) \(size.1)", "width": size.0, "height": size.1,
                "aria-labelledby": "\(identifier)-title \(identifier)-desc",
            ])
        svg.element("title", ["id": "\(identifier)-title"], chart.title)
        svg.element("desc", ["id": "\(identifier)-desc"], ChartDescription.text(chart))
        svg.verbatim("<style>\n\(ChartTheme.styleSheet)\n</style>")
        svg.element("rect", ["class": "surface", "width": size.0, "height": size.1, "rx": "6"])
        heading()
        legend()
        yAxis()
        xAxis()
        // Marks on the edge of the plot stay whole.
        svg.open("clipPath", ["id": "\(identifier)-plot"])
        svg.element(
            "rect",
            [
                "x": SVGText.number(layout.left - 6), "y": SVGText.number(layout.top - 6),
                "width": SVGText.number(layout.right - layout.left + 12),
                "height": SVGText.number(layout.bottom - layout.top + 12),
            ])
        svg.close()
        svg.open("g", ["clip-path": "url(#\(identifier)-plot)"])
        var marks = ChartMarks(chart, layout)
        marks.draw(into: &svg)
        svg.close()
        ChartLabels(chart, layout).draw(into: &svg)
        svg.close()
        return svg.text
    }

    private mutating func heading() {
        var y = 12.0
        for line in layout.title {
            y += ChartLayout.titleLine
            svg.element(
                "text", ["class": "title", "x": SVGText.number(ChartLayout.margin), "y": SVGText.number(y - 4)], line)
        }
        for line in layout.subtitle {
            y += ChartLayout.line
            svg.element(
                "text", ["class": "muted", "x": SVGText.number(ChartLayout.margin), "y": SVGText.number(y - 4)], line)
        }
        if !chart.y.label.isEmpty {
            svg.element(
                "text",
                ["class": "muted", "x": SVGText.number(ChartLayout.margin), "y": SVGText.number(layout.top - 12)],
                chart.y.label)
        }
    }

    private mutating func legend() {
        for entry in layout.legend {
            let series = chart.series[entry.series]
            ChartMarks.swatch(series, chart.color(of: entry.series), x: entry.x, y: entry.y, into: &svg)
            svg.element(
                "text",
                ["x": SVGText.number(entry.x + ChartLayout.legendSwatch), "y": SVGText.number(entry.y + 4)], series.name
            )
        }
    }

    private mutating func yAxis() {
        let limit = Int(layout.width * 0.4 / (12 * 0.58))
        for (value, label) in zip(layout.y.ticks.values, layout.y.labels) {
            guard let y = layout.y.position(value) else { continue }
            if !layout.y.isCategorical {
                line("grid", (layout.left, y), (layout.right, y))
            }
            svg.element(
                "text",
                [
                    "class": "muted", "text-anchor": "end", "x": SVGText.number(layout.left - 8),
                    "y": SVGText.number(y + 4),
                ], TerminalText.fitted(label, limit))
        }
    }

    private mutating func xAxis() {
        let slot = (layout.right - layout.left) / Double(max(layout.x.labels.count, 1))
        line("axis", (layout.left, layout.bottom), (layout.right, layout.bottom))
        for (value, label) in zip(layout.x.ticks.values, layout.x.labels) {
            guard let x = layout.x.position(value) else { continue }
            if layout.y.isCategorical {
                line("grid", (x, layout.top), (x, layout.bottom))
            } else if !layout.x.isCategorical {
                line("axis", (x, layout.bottom), (x, layout.bottom + 4))
            }
            let text = layout.x.isCategorical ? TerminalText.fitted(label, Int(slot / (12 * 0.58))) : label
            svg.element(
                "text",
                [
                    "class": "muted", "text-anchor": "middle", "x": SVGText.number(x),
                    "y": SVGText.number(layout.bottom + 18),
                ], text)
        }
        if !chart.x.label.isEmpty {
            svg.element(
                "text",
                [
                    "class": "muted", "text-anchor": "end", "x": SVGText.number(layout.right),
                    "y": SVGText.number(layout.bottom + 37),
                ], chart.x.label)
        }
    }

    private mutating func line(_ name: String, _ from: (Double, Double), _ to: (Double, Double)) {
        svg.element(
            "line",
            [
                "class": name, "x1": SVGText.number(from.0), "y1": SVGText.number(from.1), "x2": SVGText.number(to.0),
                "y2": SVGText.number(to.1),
            ])
    }

    /// Ids must differ between the charts of one page, and be the same whenever a chart is drawn (FNV-1a, 64 bits).
    private static func identifier(_ chart: Chart) -> String {
        let hash = String(describing: chart).utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return "yb-" + String(hash, radix: 36)
    }
}

extension Chart {
    /// The colour and shape of a series.
    func color(of series: Int) -> Int { self.series[series].color ?? series }
}
