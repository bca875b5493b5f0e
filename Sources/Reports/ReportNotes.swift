import RunRecords

/// Sentences about a report that change how its numbers are to be read.
enum ReportNotes {
    static func all(_ report: Report) -> [String] {
        let several = report.runs.count > 1
        return
            (report.runs.flatMap { run in
                notes(run).map { several ? "\(run.dataset.name), \(run.label): \($0)" : $0 }
            }
            + report.comparisons.filter { $0.kind != "baseline" }.flatMap { record in
                record.warnings.map { "\(record.a) and \(record.b): \($0)." }
            } + BenchmarkNotes.all(report.benchmarks) + serving(report.serving) + machine(report)).uniqued
    }

    private static func notes(_ run: RunReport) -> [String] {
        var notes: [String] = []
        let unscored = run.unscored
        if !unscored.isEmpty {
            let verdicts = Dictionary(grouping: unscored, by: \.verdict).sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value.count)" }.joined(separator: ", ")
            notes.append(
                "\(unscored.count) of \(run.problems.count) not scored (\(verdicts)); the score is of the other "
                    + "\(run.accuracy.total).")
        }
        if run.isolation.level == "L0" {
            notes.append("the tests ran without isolation, so the code under test could have forged its verdict.")
        }
        notes += run.settings.endpoint?.losses.map { "\($0)." } ?? []
        let uncounted = run.settings.endpoint?.tokenCounts["not measured"] ?? 0
        if uncounted > 0 {
            notes.append(
                "the server counted no tokens of \(uncounted) answers, so token counts are not measured; --tokenizer lets "
                    + "them be counted here.")
        }
        if let generated = run.throughput?.generatedTokens {
            let all = run.problems.reduce(into: 0) {
                $0 = $0.addingReportingOverflow($1.generatedTokens ?? 0).partialValue
            }
            if generated < all {
                notes.append(
                    "throughput covers \(Quantity.count(generated)) of \(Quantity.count(all)) generated tokens; "
                        + "the others were generated before the run was resumed.")
            }
        }
        return notes
    }

    /// Doubts about loads, those of several told once.
    private static func serving(_ records: [ServingRecord]) -> [String] {
        var order: [String] = []
        var places: [String: [String]] = [:]
        for record in records {
            for warning in record.warnings {
                let text = "\(warning.cause); \(warning.remedy)."
                if places[text] == nil { order.append(text) }
                let place = ServingWords.load(record)
                if places[text]?.contains(place) != true { places[text, default: []].append(place) }
            }
        }
        let loads = Set(records.map(ServingWords.load)).count
        return order.map { text in
            let found = places[text] ?? []
            return found.count == loads && loads > 1 ? text : "\(found.joined(separator: ", ")): \(text)"
        }
    }

    private static func machine(_ report: Report) -> [String] {
        guard let load = report.host.loadAverage,
            !report.benchmarks.isEmpty || report.runs.contains(where: { $0.throughput != nil }),
            load > 0.5 * Double(report.host.logicalCores)
        else { return [] }
        return [
            "the machine was busy when the run began (load \(Quantity.fixed(load, 1)) on \(report.host.logicalCores) cores); "
                + "speeds may be lower than this host allows."
        ]
    }
}

extension [String] {
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
