import RunRecords

/// What is known of the runs of a group, one column a run.
enum HTMLRunTables {
    /// The scores as cards, each with its interval.
    static func headline(_ group: RunGroup) -> String {
        let cards = group.runs.map { run in
            let accuracy = run.accuracy
            return """
                <li><p class="dtype">\(HTML.text(run.label))</p>
                <p class="score">\(Quantity.percent(accuracy.value))</p>
                \(gauge(accuracy))
                <p>95 % interval \(Quantity.interval(accuracy.ci95))</p>
                \(accuracy.passAtK.filter { $0.k > 1 }.map { "<p>pass@\($0.k) \(Quantity.percent($0.value))</p>" }.joined())
                <p>\(Quantity.count(accuracy.passed)) of \(Quantity.count(accuracy.total)) passed</p></li>
                """
        }
        return """
            <h3>\(HTML.text(group.model.name)) on \(HTML.text(group.dataset.name)): \(HTML.text(group.metric))</h3>
            <ul class="cards">\(cards.joined(separator: "\n"))</ul>
            """
    }

    /// The score and its interval between 0 and 100 %; the numbers beside it say the same.
    private static func gauge(_ accuracy: AccuracyRecord) -> String {
        guard let value = accuracy.value, let bounds = accuracy.ci95, bounds.count == 2 else { return "" }
        func x(_ share: Double) -> String { Quantity.fixed(min(max(share, 0), 1) * 100, 2) }
        return """
            <svg class="gauge" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="all" x="0" y="3" width="100" height="2"/>
            <rect class="interval" x="\(x(bounds[0]))" y="1.5" width="\(x(bounds[1] - bounds[0]))" height="5"/>
            <rect class="value" x="\(x(value - 0.004))" y="0" width="0.8" height="8"/></svg>
            """
    }

    /// Everything measured, side by side.
    static func comparison(_ group: RunGroup) -> String {
        func row(_ name: String, _ text: (RunReport) -> String) -> [String] {
            [HTML.text(name)] + group.runs.map { HTML.text(text($0)) }
        }
        func pair(_ values: Percentiles?) -> String {
            values.map { "\(Quantity.seconds($0.p50)) / \(Quantity.seconds($0.p95))" } ?? Quantity.notMeasured
        }
        func speed(_ name: String, _ text: @escaping (ThroughputRecord) -> String) -> [String] {
            row(name) { $0.throughput.map(text) ?? Quantity.notMeasured }
        }
        var rows = [
            row(group.metric) { Quantity.percent($0.accuracy.value) },
            row("95 % interval") { Quantity.interval($0.accuracy.ci95) },
        ]
        rows += group.ks.map { k in row("pass@\(k) (95 % interval)") { Quantity.passAtK($0.accuracy, k) } }
        rows += [
            row("passed of scored") { "\(Quantity.count($0.accuracy.passed)) of \(Quantity.count($0.accuracy.total))" }
        ]
        for name in Set(group.runs.flatMap(\.accuracy.scores.keys)).sorted() {
            rows.append(row("score: \(name)") { Quantity.percent($0.accuracy.scores[name]) })
        }
        for verdict in VerdictOrder.sorted(Set(group.runs.flatMap(\.accuracy.verdicts.keys))) {
            let note = Verdicts.unscored.contains(verdict) ? " (not scored)" : ""
            rows.append(row(verdict + note) { Quantity.count($0.accuracy.verdicts[verdict] ?? 0) })
        }
        rows += [
            speed("prompt tokens") { Quantity.count($0.promptTokens) },
            speed("generated tokens") { Quantity.count($0.generatedTokens) },
            speed("prefill, tokens/s") { Quantity.rate($0.prefillTokensPerS) },
            speed("decode, tokens/s") { Quantity.rate($0.decodeTokensPerS) },
            speed("time to first token, p50 / p95") { pair($0.ttftS) },
            speed("between tokens, p50 / p95") { pair($0.interTokenS) },
            speed("wall time of generation") { Quantity.seconds($0.generationWallS) },
            row("peak resident memory") { Quantity.bytes($0.memory?.peakRssBytes) },
            row("weights") { Quantity.bytes($0.memory?.weightsBytes) },
            row("key-value cache, peak") { Quantity.bytes($0.memory?.kvCachePeakBytes) },
        ]
        return HTML.table(
            caption: HTML.text(group.title),
            header: ["<span class=\"hidden\">what</span>"] + group.runs.map { HTML.text($0.label) },
            rows: rows, style: "numbers")
    }

    /// How far each two runs agree.
    static func agreements(_ group: RunGroup) -> [String] {
        var result: [String] = []
        for (index, first) in group.runs.enumerated() {
            for second in group.runs[(index + 1)...] {
                let agreement = Agreement(first, second)
                let (a, b) = (HTML.text(first.label), HTML.text(second.label))
                result.append(
                    """
                    <p><strong>\(a) and \(b)</strong>: identical completions on \(agreement.identicalCompletions) of
                    \(agreement.compared) problems. Passed by both \(agreement.bothPassed), by \(a) alone
                    \(agreement.onlyFirstPassed), by \(b) alone \(agreement.onlySecondPassed), by neither
                    \(agreement.neitherPassed).</p>
                    """)
            }
        }
        return result
    }

    static func settings(_ group: RunGroup) -> String {
        let (model, dataset) = (group.model, group.dataset)
        func each(_ text: (RunReport) -> String?) -> String {
            let values = group.runs.map { text($0) ?? Quantity.notMeasured }
            if Set(values).count == 1 { return HTML.text(values[0]) }
            return zip(group.runs, values).map { "\(HTML.text($0.label)): \(HTML.text($1))" }.joined(separator: "<br>")
        }
        let rows = [
            ["model", HTML.text(model.name)], ["architecture", HTML.text(model.architecture ?? Quantity.notMeasured)],
            ["format", HTML.text([model.format, model.storedDtype].compactMap { $0 }.joined(separator: ", "))],
            ["parameters", Quantity.parameters(model.parameters)],
            ["model SHA-256", model.sha256.map(HTML.code) ?? Quantity.notMeasured],
            [
                "data set",
                HTML.text("\(dataset.name) \(dataset.version ?? ""), \(Quantity.count(dataset.problems)) problems"),
            ],
            ["data SHA-256", HTML.code(dataset.sha256)], ["prompt", each { $0.settings.prompt }],
            ["extraction", each { $0.settings.extraction }], ["decoding", each { $0.settings.decoding }],
            ["new tokens at most", each { $0.settings.maxNewTokens.map { Quantity.count($0) } }],
            ["batch size", each { $0.settings.batchSize.map { Quantity.count($0) } }],
            ["threads", each { $0.settings.threads.map { Quantity.count($0) } }],
            ["kernels", each { $0.settings.kernels }],
            ["weights changed by conversion", each { $0.model.weightsChanged.map { Quantity.count($0) } }],
            ["isolation", each { "\($0.isolation.level): \($0.isolation.description)" }],
            [
                "interpreters",
                each { $0.isolation.interpreters.sorted { $0.key < $1.key }.map(\.value).joined(separator: ", ") },
            ],
            ["stop strings", each { $0.settings.stop.map(\.debugDescription).joined(separator: " ") }],
        ]
        return HTML.table(caption: "Settings of \(HTML.text(group.title))", rows: rows, style: "facts")
    }
}
