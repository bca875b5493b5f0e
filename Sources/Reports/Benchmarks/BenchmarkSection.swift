import RunRecords

/// What `bench` measured, as tables and with the meaning of every term.
enum BenchmarkSection {
    static func blocks(_ report: Report) -> [String] {
        let all = report.benchmarks
        guard !all.isEmpty else { return [] }
        var blocks = ["## Throughput", throughput(all), "### Beside llama-bench", llamaBench(all, report.host)]
        if all.contains(where: { $0.batchSize > 1 }) { blocks += ["### Beside llama-batched-bench", batched(all)] }
        blocks += [
            "### Latency", latency(all), "### Share of the host's limits", limits(all), "### Memory", memory(all),
        ]
        blocks += ["### Settings", settings(all), meaning]
        return blocks
    }

    /// The answer in one sentence for each configuration.
    static func headlines(_ all: [BenchmarkRecord]) -> [String] {
        configurations(all).map { name, points in
            let facts = [
                points[0].model.parameters.map { "\(Quantity.parameters($0)) parameters" },
                points[0].model.format == "random" ? "random weights" : nil,
            ].compactMap(\.self).joined(separator: ", ")
            let prefill = points.compactMap(\.prefillTokensPerS).max()
            let alone = points.filter { $0.batchSize == 1 }.compactMap(\.decodeTokensPerS).max()
            let most = points.filter { $0.batchSize > 1 }
                .max { ($0.decodeTokensPerS ?? 0) < ($1.decodeTokensPerS ?? 0) }
            let rates = [
                prefill.map { "prefill **\(Quantity.rate($0))** tokens/s" },
                alone.map { "decode **\(Quantity.rate($0))** tokens/s for one sequence" },
                most.flatMap { best in
                    best.decodeTokensPerS.map { "**\(Quantity.rate($0))** for \(best.batchSize) together" }
                },
            ].compactMap(\.self)
            return "**\(Markdown.plain(points[0].model.name))**\(facts.isEmpty ? "" : " (\(facts))") in "
                + "\(Markdown.plain(name)): "
                + (rates.isEmpty ? Quantity.notMeasured : rates.joined(separator: ", ")) + "."
        }
    }

    /// Points that differ in prompt, answer and batch alone, in order of first appearance.
    static func configurations(_ all: [BenchmarkRecord]) -> [(name: String, points: [BenchmarkRecord])] {
        var groups: [(name: String, points: [BenchmarkRecord])] = []
        for record in all {
            let name = BenchmarkWords.configuration(record, among: all)
            if let index = groups.firstIndex(where: { $0.name == name && $0.points[0].model == record.model }) {
                groups[index].points.append(record)
            } else {
                groups.append((name, [record]))
            }
        }
        return groups
    }

    private static func place(_ record: BenchmarkRecord, _ all: [BenchmarkRecord]) -> [String] {
        [
            Markdown.plain(BenchmarkWords.configuration(record, among: all)), Quantity.count(record.promptTokens),
            Quantity.count(record.generatedTokens), Quantity.count(record.batchSize),
        ]
    }

    private static let placeHeader = ["", "prompt", "new", "batch"]

    private static func throughput(_ all: [BenchmarkRecord]) -> String {
        Markdown.table(
            placeHeader + ["prefill, tokens/s", "decode, tokens/s", "repetitions"],
            all.map {
                place($0, all) + [
                    BenchmarkWords.rate($0.prefillTokensPerS, $0.prefillSpread),
                    BenchmarkWords.rate($0.decodeTokensPerS, $0.decodeSpread), Quantity.count($0.repetitions),
                ]
            })
    }

    private static func llamaBench(_ all: [BenchmarkRecord], _ host: HostRecord) -> String {
        let rows = all.flatMap { record -> [[String]] in
            let samples = record.samples
            let common = [
                Markdown.plain("\(record.model.name) \(record.dtype)"), Quantity.bytes(record.weightsBytes),
                Quantity.parameters(record.model.parameters), Markdown.plain("yuanbench \(host.kernels)"),
                Quantity.count(record.threads),
            ]
            return [
                (BenchmarkWords.prefillTest(record), samples.compactMap(\.prefillTokensPerS)),
                (BenchmarkWords.decodeTest(record), samples.compactMap(\.decodeTokensPerS)),
            ].compactMap { test, values in
                BenchmarkWords.meanAndDeviation(values).map { common + [test, $0] }
            }
        }
        return Markdown.table(["model", "size", "params", "backend", "threads", "test", "t/s"], rows)
    }

    private static func batched(_ all: [BenchmarkRecord]) -> String {
        func median(_ record: BenchmarkRecord, _ value: (BenchmarkSample) -> Double?) -> Double? {
            Quantile.linear(0.5, ofSorted: record.samples.compactMap(value).sorted())
        }
        func fixed(_ value: Double?, _ digits: Int) -> String {
            value.map { Quantity.fixed($0, digits) } ?? Quantity.notMeasured
        }
        let rows = all.map { record in
            let (prefill, decode) = (median(record, \.prefillS), median(record, \.decodeS))
            let tokens = record.batchSize * (record.promptTokens + record.generatedTokens)
            let whole = median(record, \.wallS)
            return [
                Markdown.plain(BenchmarkWords.configuration(record, among: all)), "\(record.promptTokens)",
                "\(record.generatedTokens)", "\(record.batchSize)", "\(tokens)", fixed(prefill, 3),
                fixed(record.prefillTokensPerS, 2), fixed(decode, 3), fixed(record.decodeTokensPerS, 2),
                fixed(whole, 3),
                fixed(whole.flatMap { $0 > 0 ? Double(tokens) / $0 : nil }, 2),
            ]
        }
        return Markdown.table(
            ["", "PP", "TG", "B", "N_KV", "T_PP s", "S_PP t/s", "T_TG s", "S_TG t/s", "T s", "S t/s"], rows)
    }

    private static func latency(_ all: [BenchmarkRecord]) -> String {
        Markdown.table(
            placeHeader + ["TTFT, p50 / p95 / p99", "inter-token latency, p50 / p95 / p99"],
            all.map {
                place($0, all) + [BenchmarkWords.latencies($0.ttftS), BenchmarkWords.latencies($0.interTokenS)]
            })
    }

    private static func limits(_ all: [BenchmarkRecord]) -> String {
        Markdown.table(
            placeHeader + [
                "decode: read bandwidth", "decode: FLOPs", "prefill: FLOPs", "limit, GB/s", "limit, GFLOP/s",
            ],
            all.map { record in
                func highest(_ value: (BenchmarkSample) -> Double?) -> String {
                    record.samples.compactMap(value).max().map { Quantity.fixed($0 / 1e9, 1) } ?? Quantity.notMeasured
                }
                return place(record, all) + [
                    Quantity.percent(record.bandwidthShare), Quantity.percent(record.computeShare),
                    Quantity.percent(record.prefillComputeShare), highest(\.readBytesPerS), highest(\.flopsPerS),
                ]
            })
    }

    private static func memory(_ all: [BenchmarkRecord]) -> String {
        Markdown.table(
            placeHeader + ["peak resident", "weights", "KV cache, peak", "KV cache a token", "load", "energy"],
            all.map { record in
                place(record, all) + [
                    Quantity.bytes(record.peakRssBytes), Quantity.bytes(record.weightsBytes),
                    Quantity.bytes(record.kvCachePeakBytes), Quantity.bytes(record.kvBytesPerToken),
                    Quantity.seconds(record.loadS),
                    record.energyJ.map { Quantity.fixed($0, 1) + " J" } ?? Quantity.notMeasured,
                ]
            })
    }

    private static func settings(_ all: [BenchmarkRecord]) -> String {
        let model = all[0].model
        let facts = [model.architecture, model.format, model.storedDtype.map { "stored as \($0)" }].compactMap(\.self)
        return Markdown.table(
            ["", ""],
            [
                ["model", Markdown.plain(([model.name] + facts).joined(separator: ", "))],
                ["model SHA-256", model.sha256.map { Markdown.code($0) } ?? Quantity.notMeasured],
                ["repetitions before the measured ones", Quantity.count(all[0].warmup)],
                ["speculation", all[0].speculation ? "on" : "off"],
                ["kernels", Markdown.plain(Set(all.map(\.kernels)).sorted().joined(separator: ", "))],
                ["weights", weights(all)],
            ], numeric: false)
    }

    /// Which layouts the weights had, and for which batch sizes where there are several.
    private static func weights(_ all: [BenchmarkRecord]) -> String {
        let layouts = Set(all.compactMap(\.weightLayout)).sorted()
        let words = layouts.map { layout in
            let batches = Set(all.filter { $0.weightLayout == layout }.map(\.batchSize)).sorted().map(String.init)
            return (layout == "compact" ? "compact (12 bits a weight, without loss)" : layout)
                + (layouts.count > 1 ? " with batch \(batches.joined(separator: ", "))" : "")
        }
        return words.isEmpty ? Quantity.notMeasured : Markdown.plain(words.joined(separator: "; "))
    }

    private static let meaning = """
        ### What the terms mean

        - **prefill** (llama-bench: pp): prompt tokens of all sequences a second, counted while they are processed.
        - **decode** (llama-bench: tg): generated tokens of all sequences a second, without each one's first, which the prefill \
        gives. "@ d128" is llama-bench's depth: 128 tokens were in the cache before.
        - **TTFT** (vLLM): from the admission of a sequence, here together with all others of its batch, to its first token.
        - **inter-token latency** (vLLM: ITL): between successive tokens of one sequence.
        - **share of the read bandwidth**: (weights + keys and values read by a decode step) × steps a second ÷ the best \
        bandwidth probe just before or after the repetition, with the same threads. Shares of FLOPs likewise, against \
        the instruction by which the kernels multiply; a multiply-add is two FLOPs.
        - Tables give the median over the repetitions and, in brackets, the range; those beside llama.cpp's tools give what these \
        give (mean ± standard deviation). `report.json` has every repetition.
        - Prompts are fixed random tokens; generation goes on past end-of-sequence tokens.
        """
}
