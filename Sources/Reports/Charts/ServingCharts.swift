import RunRecords

/// Charts of servers under load: throughput and latency over the load.
enum ServingCharts {
    /// What has a single point has no curve.
    static func all(_ records: [ServingRecord]) -> [NamedChart] {
        let closed = records.filter { $0.load.concurrency != nil }
        let open = records.filter { $0.load.requestRate != nil }
        return [
            throughput("serving-throughput", closed, .init("requests under way", scale: .log2, style: .count)) {
                Double($0.load.concurrency ?? 0)
            },
            latency("serving-ttft", closed, .init("requests under way", scale: .log2, style: .count)) {
                Double($0.load.concurrency ?? 0)
            },
            throughput("serving-throughput-rate", open, .init("requests arriving a second")) {
                $0.load.requestRate ?? 0
            },
            latency("serving-ttft-rate", open, .init("requests arriving a second")) { $0.load.requestRate ?? 0 },
        ].compactMap(\.self)
    }

    private static func throughput(
        _ name: String, _ records: [ServingRecord], _ axis: Chart.Axis, _ x: (ServingRecord) -> Double
    ) -> NamedChart? {
        let lines = groups(records).compactMap { title, points -> Chart.Series? in
            line(title, points.compactMap { point in point.outputTokensPerS.map { Chart.Point(x(point), $0) } })
        }
        return chart(name, "Output tokens over the load", records, axis, .init("output tokens/s"), lines)
    }

    private static func latency(
        _ name: String, _ records: [ServingRecord], _ axis: Chart.Axis, _ x: (ServingRecord) -> Double
    ) -> NamedChart? {
        let lines = groups(records).compactMap { title, points -> Chart.Series? in
            line(
                title,
                points.compactMap { point in
                    point.ttftS.map { Chart.Point(x(point), $0.p50, from: min($0.p50, $0.p95), to: $0.p95) }
                })
        }
        return chart(
            name, "Time to first token over the load", records, axis,
            .init("TTFT, median up to the 95th percentile", style: .seconds), lines)
    }

    private static func groups(_ records: [ServingRecord]) -> [(title: String, points: [ServingRecord])] {
        Dictionary(grouping: records) { record in
            [
                ServingWords.server(record),
                "prompt \(record.load.promptTokens.map(String.init) ?? record.load.prompts)",
                "\(record.load.maxNewTokens) new",
            ].joined(separator: ", ")
        }.sorted { $0.key < $1.key }.map { (title: $0.key, points: $0.value) }
    }

    private static func line(_ title: String, _ points: [Chart.Point]) -> Chart.Series? {
        Set(points.map(\.x)).count > 1 ? Chart.Series(title, .line, points.sorted { $0.x < $1.x }) : nil
    }

    private static func chart(
        _ name: String, _ title: String, _ records: [ServingRecord], _ x: Chart.Axis, _ y: Chart.Axis,
        _ series: [Chart.Series]
    ) -> NamedChart? {
        guard let first = records.first, !series.isEmpty else { return nil }
        return NamedChart(
            name: name, chart: Chart(title: title, subtitle: first.endpoint.model, x: x, y: y, series: series))
    }
}
