/// A chart in words, for those who cannot see it and for hints.
enum ChartDescription {
    static func text(_ chart: Chart) -> String {
        if !chart.description.isEmpty { return chart.description }
        let axes = [chart.y.label, chart.x.label].filter { !$0.isEmpty }.joined(separator: " over ")
        let parts = chart.series.map { series in
            guard let first = series.points.first, let last = series.points.last else {
                return "\(series.name): no data"
            }
            let values =
                series.points.count == 1 ? place(first, chart) : "from \(place(first, chart)) to \(place(last, chart))"
            return "\(series.name): \(values)"
        }
        let references = chart.references.map(\.label).filter { !$0.isEmpty }
        return ([axes] + parts + (references.isEmpty ? [] : ["Compared with: \(references.joined(separator: ", "))"]))
            .filter { !$0.isEmpty }.joined(separator: ". ") + "."
    }

    /// What one mark stands for: `bf16: 25.9 at 2 (25.1 to 26.3)`.
    static func hint(_ point: Chart.Point, _ series: Chart.Series, _ chart: Chart) -> String {
        func words(_ interval: ClosedRange<Double>?, _ axis: Chart.Axis) -> String {
            let numbers = ChartNumbers(style: axis.style)
            return interval.map {
                " (\(numbers.value($0.lowerBound)) to \(numbers.value($0.upperBound)))"
            } ?? ""
        }
        return (series.name.isEmpty ? "" : series.name + ": ") + place(point, chart) + words(point.yInterval, chart.y)
            + words(point.xInterval, chart.x) + (point.label.isEmpty ? "" : ", \(point.label)")
    }

    private static func place(_ point: Chart.Point, _ chart: Chart) -> String {
        "\(value(point.y, chart.y)) at \(value(point.x, chart.x))"
    }

    private static func value(_ value: Double, _ axis: Chart.Axis) -> String {
        if case .categories(let names) = axis.scale, let index = Int(exactly: value), names.indices.contains(index) {
            return names[index]
        }
        return value.isFinite ? ChartNumbers(style: axis.style).value(value) : Quantity.notMeasured
    }
}
