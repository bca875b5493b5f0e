import RunRecords

/// Charts of dtypes compared: where completions part, KL over the position, error over the layer.
enum PrecisionCharts {
    static func all(_ group: RunGroup, _ comparisons: [ComparisonRecord]) -> [NamedChart] {
        let records = PrecisionSection.comparisons(group, comparisons)
        return [partings, divergence, layers].compactMap { $0(group, records) }
    }

    private static func label(_ record: ComparisonRecord) -> String { "\(record.a), \(record.b)" }

    private static func subtitle(_ group: RunGroup) -> String { group.title }

    /// A histogram of the first differing token, a bar of each pair beside the others'.
    private static func partings(_ group: RunGroup, _ records: [ComparisonRecord]) -> NamedChart? {
        let indices = records.map { $0.byProblem.compactMap(\.firstDivergence) }
        guard let last = indices.joined().max() else { return nil }
        let width = binWidth(last)
        let series = zip(records, indices).map { record, indices in
            let counts = Dictionary(grouping: indices) { $0 / width }.mapValues(\.count)
            return Chart.Series(
                "\(label(record)) (\(indices.count) of \(record.byProblem.count))", .bars,
                (0...last / width).map { Chart.Point((Double($0) + 0.5) * Double(width), Double(counts[$0] ?? 0)) })
        }
        return NamedChart(
            name: "first-divergence",
            chart: Chart(
                title: "Where completions first differ", subtitle: subtitle(group),
                x: .init("index of the first differing token, in bins of \(width)", style: .count),
                y: .init("problems", style: .count), series: series))
    }

    private static func binWidth(_ last: Int) -> Int {
        [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].first { last / $0 < 16 } ?? last / 16 + 1
    }

    private static func divergence(_ group: RunGroup, _ records: [ComparisonRecord]) -> NamedChart? {
        let series = records.compactMap { record -> Chart.Series? in
            guard let entries = record.forced?.klByPosition, entries.count > 1 else { return nil }
            return Chart.Series(label(record), .line, entries.map { Chart.Point(Double($0.index), $0.meanKl) })
        }
        return series.isEmpty
            ? nil
            : NamedChart(
                name: "kl-over-position",
                chart: Chart(
                    title: "KL divergence over the position", subtitle: subtitle(group),
                    x: .init("index of the generated token", style: .count),
                    y: .init("mean KL(a ‖ b), nats", scale: .log10), series: series))
    }

    private static func layers(_ group: RunGroup, _ records: [ComparisonRecord]) -> NamedChart? {
        let series = records.compactMap { record -> Chart.Series? in
            guard let entries = record.forced?.layers, entries.count > 1 else { return nil }
            return Chart.Series(
                label(record), .line,
                entries.map { Chart.Point(Double($0.layer), $0.p50, from: min($0.p50, $0.p95), to: $0.p95) })
        }
        return series.isEmpty
            ? nil
            : NamedChart(
                name: "error-over-layer",
                chart: Chart(
                    title: "Relative error of the hidden state over the layers",
                    subtitle: "median, up to the 95th percentile; \(subtitle(group))",
                    x: .init("layer (0: embedding)", style: .count),
                    y: .init("‖b − a‖ / ‖a‖", scale: .log10), series: series))
    }
}
