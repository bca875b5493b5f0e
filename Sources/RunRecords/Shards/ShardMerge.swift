/// Joins the reports of shards into the one that an undivided run would have written.
package struct ShardMerge {
    /// A report and what to call it, usually its folder.
    package struct Source: Sendable {
        package var name: String
        package var report: Report

        package init(name: String, report: Report) {
            self.name = name
            self.report = report
        }
    }

    /// By shard index.
    private let sources: [Source]
    private let mixedHosts: Bool

    /// - Parameter mixedHosts: accept hosts whose kernels or BLAS differ, and with them perhaps the last bits of logits.
    /// - Throws: `ReportError` naming shards that are missing or there twice, and settings that differ.
    package init(_ sources: [Source], mixedHosts: Bool = false) throws(ReportError) {
        self.mixedHosts = mixedHosts
        self.sources = try Self.inOrder(sources)
        for source in self.sources.dropFirst() { try check(source, fits: self.sources[0]) }
    }

    /// The joined report.
    ///
    /// Tokens are sums, the wall time is the slowest shard's, memory the largest shard's; time to the first token is
    /// taken from the problems. Dtypes are compared by their answers; logits were compared in the shards, if at all. Rates are each shard's own and stand in `shards`: a sum of theirs was never measured.
    /// - Parameters:
    ///   - createdAt: ISO 8601, UTC.
    ///   - command: the command line of the join.
    /// - Throws: `ReportError` for problems that are there twice.
    package func report(createdAt: String, command: [String]) throws(ReportError) -> Report {
        let first = sources[0].report
        var runs: [RunReport] = []
        for number in first.runs.indices { runs.append(try run(number)) }
        return Report(
            tool: first.tool, createdAt: createdAt, command: command, host: first.host, runs: runs,
            comparisons: PairedRuns.dtypes(runs).map { ComparisonRecord(kind: "dtype", $0) })
    }

    private func run(_ number: Int) throws(ReportError) -> RunReport {
        let parts = sources.map { $0.report.runs[number] }
        var run = parts[0]
        guard let shard = run.settings.shard else { return run }
        // Shard i has every count-th problem from the i-th on: dealing them out again gives the data set's order.
        // The samples of a problem stand together.
        let samples = run.samples
        run.problems = (0..<shard.problems).flatMap { place in
            let first = place / shard.count * samples
            return parts[place % shard.count].problems[first..<first + samples]
        }
        var owners: [String: Int] = [:]
        for (place, record) in (0..<shard.problems).map({ ($0, run.problems[$0 * samples]) }) {
            if let other = owners.updateValue(place % shard.count, forKey: record.id) {
                throw ReportError(
                    "\(sources[place % shard.count].name): problem \(record.id.printable()) is in \(sources[other].name) as well; "
                        + "run these shards again")
            }
        }
        run.dataset.problems = shard.problems
        run.dataset.sha256 = shard.sha256
        run.settings.shard = nil
        run.settings.threads = common(parts.map(\.settings.threads))
        run.settings.batchSize = common(parts.map(\.settings.batchSize))
        run.accuracy = AccuracyRecord(
            metric: run.accuracy.metric, records: run.problems, ks: parts.flatMap { $0.accuracy.passAtK.map(\.k) })
        run.throughput = throughput(parts, problems: run.problems)
        run.memory = memory(parts.map(\.memory))
        run.shards = zip(sources, parts).enumerated().map { index, part in
            ShardPart(
                index: index + 1, cpu: part.0.report.host.cpu, threads: part.1.settings.threads,
                throughput: part.1.throughput, memory: part.1.memory)
        }
        return run
    }

    private func throughput(_ parts: [RunReport], problems: [ProblemRecord]) -> ThroughputRecord? {
        let measured = parts.compactMap(\.throughput)
        guard measured.count == parts.count else { return nil }
        return ThroughputRecord(
            promptTokens: sum(measured.map(\.promptTokens)), generatedTokens: sum(measured.map(\.generatedTokens)),
            prefillTokensPerS: nil,
            decodeTokensPerS: nil, generationWallS: measured.map(\.generationWallS).max() ?? 0,
            ttftS: Percentiles(of: problems.compactMap(\.ttftS)), interTokenS: nil)
    }

    private func memory(_ parts: [MemoryRecord?]) -> MemoryRecord? {
        let measured = parts.compactMap { $0 }
        guard measured.count == parts.count else { return nil }
        return MemoryRecord(
            peakRssBytes: measured.compactMap(\.peakRssBytes).max(),
            weightsBytes: measured.compactMap(\.weightsBytes).max(),
            kvCachePeakBytes: measured.compactMap(\.kvCachePeakBytes).max())
    }

    /// nil if one is not known.
    private func sum(_ values: [Int?]) -> Int? {
        let known = values.compactMap(\.self)
        return known.count == values.count ? known.boundedSum() : nil
    }

    /// The value if all are equal.
    private func common<Value: Equatable>(_ values: [Value?]) -> Value? {
        values.allSatisfy { $0 == values[0] } ? values[0] : nil
    }
}

extension ShardMerge {
    private static func inOrder(_ sources: [Source]) throws(ReportError) -> [Source] {
        var places: [Int: Source] = [:]
        var count: Int?
        for source in sources {
            guard let shard = source.report.runs.first?.settings.shard else {
                throw ReportError("\(source.name): not a shard; merge joins runs made with eval --shard i/n")
            }
            guard
                source.report.runs.allSatisfy({ run in
                    guard let own = run.settings.shard else { return false }
                    return own.isSound && own.index == shard.index && own.count == shard.count
                        && run.problems.count.isMultiple(of: run.samples)
                        && run.problems.count / run.samples == own.share
                })
            else {
                throw ReportError(
                    "\(source.name): its runs do not hold the problems of shard \(shard.name); finish it with eval --resume"
                )
            }
            if let other = places.updateValue(source, forKey: shard.index) {
                throw ReportError(
                    "shard \(shard.name) is there twice, in \(other.name) and in \(source.name); name one of them")
            }
            if let count, count != shard.count {
                throw ReportError(
                    "\(source.name): shard \(shard.name) is not one of \(count), as the others are; join shards of one division"
                )
            }
            count = shard.count
        }
        let total = count ?? 0
        let missing = (1...max(1, total)).filter { places[$0] == nil }
        if !missing.isEmpty {
            let names = missing.prefix(20).map { "\($0)/\(total)" }.joined(separator: ", ")
            throw ReportError(
                "\(missing.count) of \(total) shards missing: \(names)\(missing.count > 20 ? " …" : ""); run them with eval --shard, or "
                    + "name their folders")
        }
        return places.sorted { $0.key < $1.key }.map(\.value)
    }

    /// - Throws: `ReportError` with everything that differs.
    private func check(_ source: Source, fits first: Source) throws(ReportError) {
        let (mine, theirs) = (facts(source.report), facts(first.report))
        let differing = Set(mine.keys).union(theirs.keys).sorted().filter { mine[$0] != theirs[$0] }
        if !differing.isEmpty {
            let list = differing.map { name in
                "\(name) is \((mine[name] ?? "absent").printable()) and \((theirs[name] ?? "absent").printable())"
            }
            throw ReportError(
                "\(source.name) and \(first.name) are not parts of one run: \(list.joined(separator: "; ")); run one of them again"
                    + (differing.allSatisfy { $0.hasPrefix("host ") } ? ", or add --mixed-hosts" : ""))
        }
    }

    /// What must be equal in all shards, by name: everything a token or a verdict depends on.
    private func facts(_ report: Report) -> [String: String] {
        var facts = ["tool": "\(report.tool.name) \(report.tool.version) \(report.tool.build)"]
        if !mixedHosts {
            facts["host kernels"] = report.host.kernels
            facts["host blas"] = "\(report.host.blas.library) \(report.host.blas.version) \(report.host.blas.core)"
        }
        for (number, run) in report.runs.enumerated() {
            let settings = run.settings
            let pairs: [(String, String?)] = [
                ("dataset", run.dataset.name), ("dataset version", run.dataset.version),
                ("problems", settings.shard.map { "\($0.problems)" }), ("problems' sha256", settings.shard?.sha256),
                ("model", run.model.sha256 ?? run.model.name), ("dtype", settings.dtype),
                ("decoding", settings.decoding), ("prompt", settings.prompt), ("extraction", settings.extraction),
                ("max_new_tokens", settings.maxNewTokens.map(String.init)), ("kernels", settings.kernels),
                ("samples", "\(run.samples)"), ("stop", settings.stop.joined(separator: " | ")),
                ("metric", run.accuracy.metric),
                ("isolation", run.isolation.level),
                (
                    "interpreters",
                    run.isolation.interpreters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(
                        separator: ", ")
                ),
            ]
            for (name, value) in pairs { facts["run \(number + 1) \(name)"] = value }
        }
        return facts
    }
}

extension RunReport {
    /// Samples of each problem.
    fileprivate var samples: Int { max(1, settings.sampling?.samples ?? 1) }
}

extension String {
    /// Without control characters, shortened: names and settings come from files.
    fileprivate func printable() -> String {
        let shown = String(
            String.UnicodeScalarView(unicodeScalars.prefix(80).map { $0.value < 32 || $0.value == 127 ? "?" : $0 }))
        return unicodeScalars.count > 80 ? shown + "…" : shown
    }
}
