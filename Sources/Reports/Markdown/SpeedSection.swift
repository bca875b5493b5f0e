import RunRecords

/// Throughput and memory, one column a dtype.
enum SpeedSection {
    static func blocks(_ group: RunGroup) -> [String] {
        var blocks: [String] = []
        if group.hasThroughput { blocks += ["### Throughput", throughput(group)] }
        if group.hasMemory { blocks += ["### Memory", memory(group)] }
        if blocks.isEmpty {
            blocks = ["### Throughput and memory", "Not measured: the completions were made elsewhere."]
        }
        return blocks
    }

    private static func throughput(_ group: RunGroup) -> String {
        func row(_ name: String, _ text: (ThroughputRecord) -> String) -> [String] {
            [name] + group.runs.map { $0.throughput.map(text) ?? Quantity.notMeasured }
        }
        func pair(_ values: Percentiles?) -> String {
            values.map { "\(Quantity.seconds($0.p50)) / \(Quantity.seconds($0.p95))" } ?? Quantity.notMeasured
        }
        // Rows of what most runs do not have, where one has.
        func optional(_ name: String, _ text: (ThroughputRecord) -> String?) -> [[String]] {
            guard group.runs.contains(where: { $0.throughput.flatMap(text) != nil }) else { return [] }
            return [row(name) { text($0) ?? Quantity.notMeasured }]
        }
        return Markdown.table(
            [""] + group.runs.map { Markdown.plain($0.label) },
            [
                row("prompt tokens") { Quantity.count($0.promptTokens) },
                row("generated tokens") { Quantity.count($0.generatedTokens) },
                row("prefill, tokens/s") { Quantity.rate($0.prefillTokensPerS) },
                row("decode, tokens/s") { Quantity.rate($0.decodeTokensPerS) },
                row("time to first token, p50 / p95") { pair($0.ttftS) },
                row("between tokens, p50 / p95") { pair($0.interTokenS) },
                row("wall time of generation") { Quantity.seconds($0.generationWallS) },
            ]
                // Where an engine elsewhere does not tell prefill and decode apart.
                + optional("output tokens/s of wall time") { record in
                    guard record.decodeTokensPerS == nil, let tokens = record.generatedTokens,
                        record.generationWallS > 0
                    else { return nil }
                    return Quantity.rate(Double(tokens) / record.generationWallS)
                }
                + optional("prompt tokens shared") {
                    $0.sharedPromptTokens.flatMap { $0 > 0 ? Quantity.count($0) : nil }
                }
                + optional("guessed tokens, accepted") { record in
                    record.acceptanceRate.map {
                        "\(Quantity.count(record.guessedTokens ?? 0)), \(Quantity.percent($0))"
                    }
                })
    }

    private static func memory(_ group: RunGroup) -> String {
        func row(_ name: String, _ bytes: (MemoryRecord) -> Int?) -> [String] {
            [name] + group.runs.map { Quantity.bytes($0.memory.flatMap(bytes)) }
        }
        return Markdown.table(
            [""] + group.runs.map { Markdown.plain($0.label) },
            [
                row("peak resident memory") { $0.peakRssBytes }, row("weights") { $0.weightsBytes },
                row("key-value cache, peak") { $0.kvCachePeakBytes },
            ])
    }
}
