import RunRecords

/// A chart and the name of its file, without the ending.
package struct NamedChart: Sendable {
    package var name: String
    package var chart: Chart
}

/// The charts of a report: a new kind is a function here and a line in `all`. What was not measured has no chart.
package enum ReportCharts {
    /// Folder beside the report in which the files lie.
    package static let folder = "charts"

    package static func all(_ report: Report) -> [NamedChart] {
        let groups = RunGroup.groups(of: report.runs)
        let benchmarks = BenchmarkCharts.all(report.benchmarks).map { NamedChart(name: $0.name, chart: $0.chart) }
        let runs = groups.enumerated().flatMap { index, group in
            ([score, decode, prefill, memory].compactMap { $0(group) } + PrecisionCharts.all(group, report.comparisons))
                .map {
                    groups.count == 1 ? $0 : NamedChart(name: "\($0.name)-\(index + 1)", chart: $0.chart)
                }
        }
        return benchmarks + ServingCharts.all(report.serving) + runs
    }

    private static func score(_ group: RunGroup) -> NamedChart? {
        let points = group.runs.enumerated().compactMap { index, run -> Chart.Point? in
            guard let value = run.accuracy.value else { return nil }
            let bounds = run.accuracy.ci95 ?? []
            let interval = bounds.count == 2 && bounds[0] <= bounds[1] ? bounds[0]...bounds[1] : nil
            return Chart.Point(value, Double(index), xInterval: interval, label: Quantity.percent(value))
        }
        return chart(
            "score", "Score by dtype", group,
            .init("\(group.metric), with 95 % interval", style: .percent, range: 0...1),
            [Chart.Series("", .points, points)])
    }

    private static func decode(_ group: RunGroup) -> NamedChart? {
        chart(
            "decode", "Decode by dtype", group, .init("tokens/s, all sequences together"),
            [bars(group, "", label: Quantity.rate) { $0.throughput?.decodeTokensPerS }])
    }

    private static func prefill(_ group: RunGroup) -> NamedChart? {
        chart(
            "prefill", "Prefill by dtype", group, .init("prompt tokens/s"),
            [bars(group, "", label: Quantity.rate) { $0.throughput?.prefillTokensPerS }])
    }

    private static func memory(_ group: RunGroup) -> NamedChart? {
        func bytes(_ name: String, _ value: @escaping (MemoryRecord) -> Int?) -> Chart.Series {
            bars(group, name, label: { Quantity.size($0) }, { $0.memory.flatMap(value).map(Double.init) })
        }
        return chart(
            "memory", "Memory by dtype", group, .init("", style: .bytes),
            [
                bytes("peak resident", \.peakRssBytes), bytes("weights", \.weightsBytes),
                bytes("key-value cache, peak", \.kvCachePeakBytes),
            ])
    }

    private static func bars(
        _ group: RunGroup, _ name: String, label: (Double) -> String, _ value: (RunReport) -> Double?
    ) -> Chart.Series {
        Chart.Series(
            name, .bars,
            group.runs.enumerated().compactMap { index, run in
                value(run).map { Chart.Point($0, Double(index), label: label($0)) }
            })
    }

    /// nil when there is nothing to draw.
    private static func chart(
        _ name: String, _ title: String, _ group: RunGroup, _ axis: Chart.Axis, _ series: [Chart.Series]
    ) -> NamedChart? {
        let drawn = series.filter { !$0.points.isEmpty }
        if drawn.isEmpty { return nil }
        var axis = axis
        // Room for the number at the end of the longest bar.
        let longest = drawn.flatMap(\.points).map(\.x).max() ?? 0
        if axis.range == nil, longest > 0 { axis.range = 0...(longest * 1.15) }
        return NamedChart(
            name: name,
            chart: Chart(
                title: title, subtitle: "\(group.model.name) on \(group.dataset.name)", x: axis,
                y: .init("", scale: .categories(group.runs.map(\.label))), series: drawn, width: 560,
                height: 130 + 34 * Double(group.runs.count * drawn.count)))
    }
}
