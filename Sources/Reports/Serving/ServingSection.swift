import RunRecords

/// What servers did under load, as tables and with the meaning of every term.
enum ServingSection {
    static func blocks(_ all: [ServingRecord]) -> [String] {
        guard !all.isEmpty else { return [] }
        var blocks = ["## Serving", throughput(all), "### Latency", latency(all)]
        if all.contains(where: { !$0.errors.isEmpty }) { blocks += ["### Errors", errors(all)] }
        if all.contains(where: { !$0.serverMetrics.isEmpty }) {
            blocks += ["### What the server told of itself", metrics(all)]
        }
        if all.contains(where: { !$0.devices.isEmpty }) { blocks += ["### Graphics processors", devices(all)] }
        return blocks + ["### Endpoints and loads", settings(all), meaning]
    }

    /// The best of each server in one sentence.
    static func headlines(_ all: [ServingRecord]) -> [String] {
        var names: [String] = []
        for record in all where !names.contains(ServingWords.server(record)) {
            names.append(ServingWords.server(record))
        }
        return names.compactMap { name in
            let points = all.filter { ServingWords.server($0) == name }
            guard let first = points.first else { return nil }
            let best = points.max { ($0.outputTokensPerS ?? 0) < ($1.outputTokensPerS ?? 0) }
            let fastest = points.filter { $0.ttftS != nil }.min { ($0.ttftS?.p50 ?? 0) < ($1.ttftS?.p50 ?? 0) }
            let facts = [
                best.flatMap { record in
                    record.outputTokensPerS.map {
                        "up to **\(Quantity.rate($0))** output tokens/s (\(ServingWords.load(record)))"
                    }
                },
                fastest.map { "TTFT p50 from **\(Quantity.seconds($0.ttftS?.p50))** (\(ServingWords.load($0)))" },
            ].compactMap(\.self)
            return "**\(Markdown.plain(first.endpoint.model))** at \(Markdown.code(name)): "
                + (facts.isEmpty ? "no request was answered" : facts.joined(separator: ", ")) + "."
        }
    }

    private static let placeHeader = ["server", "load", "prompt", "new"]

    private static func place(_ record: ServingRecord) -> [String] {
        [
            Markdown.code(ServingWords.server(record)), ServingWords.load(record),
            record.load.promptTokens.map { Quantity.count($0) } ?? Markdown.plain(record.load.prompts),
            Quantity.count(record.load.maxNewTokens),
        ]
    }

    private static func throughput(_ all: [ServingRecord]) -> String {
        let limited = all.contains { $0.load.goodput != nil }
        return Markdown.table(
            placeHeader + ["answered", "failed", "requests/s"] + (limited ? ["goodput, requests/s"] : [])
                + ["output tokens/s", "total tokens/s", "peak concurrency", "duration"],
            all.map { record in
                place(record) + [
                    Quantity.count(record.completed), Quantity.count(record.failed), Quantity.rate(record.requestsPerS),
                ] + (limited ? [Quantity.rate(record.goodputPerS)] : []) + [
                    Quantity.rate(record.outputTokensPerS), Quantity.rate(record.totalTokensPerS),
                    Quantity.count(record.peakConcurrency), Quantity.seconds(record.durationS),
                ]
            })
    }

    private static func latency(_ all: [ServingRecord]) -> String {
        Markdown.table(
            placeHeader + ["TTFT", "TPOT", "ITL", "E2EL"].map { "\($0), mean; p50 / p90 / p95 / p99" },
            all.map { record in
                place(record) + [record.ttftS, record.tpotS, record.itlS, record.e2elS].map(ServingWords.times)
            })
    }

    private static func errors(_ all: [ServingRecord]) -> String {
        Markdown.table(
            ["server", "load", "requests", "reason"],
            all.flatMap { record in
                record.errors.prefix(20).map {
                    [
                        Markdown.code(ServingWords.server(record)), ServingWords.load(record), Quantity.count($0.count),
                        Markdown.code($0.reason),
                    ]
                }
            }, numeric: false)
    }

    private static func metrics(_ all: [ServingRecord]) -> String {
        Markdown.details(
            "/metrics, sampled every second", open: false,
            Markdown.table(
                ["metric", "load", "first", "last", "mean", "max"],
                all.flatMap { record in
                    record.serverMetrics.map { metric in
                        [Markdown.code(metric.name), ServingWords.load(record)]
                            + [metric.first, metric.last, metric.mean, metric.max].map(ServingWords.number)
                    }
                }))
    }

    private static func devices(_ all: [ServingRecord]) -> String {
        Markdown.table(
            ["device", "load", "memory, most", "of", "power, mean / most", "utilisation, mean / most"],
            all.flatMap { record in
                record.devices.map { device in
                    func pair(_ metric: SampledMetric?, _ text: (Double) -> String) -> String {
                        metric.map { "\(text($0.mean)) / \(text($0.max))" } ?? Quantity.notMeasured
                    }
                    return [
                        Markdown.plain("\(device.index) \(device.name ?? "")"), ServingWords.load(record),
                        Quantity.size(device.memoryUsedBytes?.max),
                        Quantity.size(device.memoryTotalBytes),
                        pair(device.powerW) { Quantity.fixed($0, 1) + " W" },
                        pair(device.utilization) { Quantity.percent($0) },
                    ]
                }
            })
    }

    private static func settings(_ all: [ServingRecord]) -> String {
        var rows: [[String]] = []
        func row(_ name: String, _ value: (ServingRecord) -> String) {
            let values = all.map(value)
            let distinct = values.enumerated().filter { values.firstIndex(of: $0.element) == $0.offset }.map(\.element)
            rows.append([name, distinct.map { Markdown.plain($0) }.joined(separator: "; ")])
        }
        row("model, as the server names it") { $0.endpoint.model }
        row("endpoints") { $0.endpoint.urls.joined(separator: ", ") }
        row("sent") { "\($0.endpoint.prompts) to \($0.endpoint.route)" }
        row("prompts") { $0.load.prompts }
        row("past end-of-sequence tokens") { $0.load.ignoreEos ? "yes" : "no" }
        row("requests, and warm-up before them") { "\($0.load.requests), \($0.load.warmup)" }
        row("seed") { "\($0.load.seed)" }
        row("tokens counted by") {
            $0.endpoint.tokenCounts.keys.sorted().joined(separator: ", ")
        }
        row("limits of goodput") { ServingWords.limits($0.load.goodput) }
        return Markdown.table(["", ""], rows, numeric: false)
    }

    private static let meaning = """
        ### What the terms mean

        Names and formulas are those of vLLM's `vllm bench serve`; times are taken where this program runs.

        - **TTFT**: from sending a request to the arrival of its first chunk; waiting for a place in a closed loop is not in it.
        - **E2EL**: from sending a request to the arrival of its last chunk.
        - **TPOT**: (E2EL − TTFT) ÷ (output tokens − 1), of each request with more than one token.
        - **ITL**: between successive chunks of a request, all requests together. A chunk may hold several tokens.
        - **requests/s**, **output tokens/s**, **total tokens/s** (input and output): of answered requests, divided by the time from \
        the first request to the last answer.
        - **goodput**: answered requests that keep every limit, divided by the same time; a single token keeps any TPOT.
        - **peak concurrency**: most answered requests under way at one moment; vLLM counts all that touch the same second.
        - **closed loop**: so many requests are always under way. **Open loop**: requests arrive at a rate, whatever the server \
        does; gaps are exponential (Poisson) or equal, stretched so that the last arrival falls on requests ÷ rate.
        - Percentiles are linearly interpolated. Requests of the warm-up are in no number; nothing is tried again unless `--retries` \
        says so, but for a request that met a kept connection which the server was just closing: that goes out again at once.
        """
}
