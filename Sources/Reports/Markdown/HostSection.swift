import RunRecords

/// The machine.
enum HostSection {
    static func blocks(_ host: HostRecord) -> [String] {
        let features = host.features.isEmpty ? "–" : host.features.map { Markdown.code($0) }.joined(separator: " ")
        let blas = host.blas
        let rows = [
            ["CPU", Markdown.plain(host.cpu)],
            ["logical cores", Quantity.count(host.logicalCores)],
            ["instruction sets", features],
            ["memory", Quantity.bytes(host.memoryBytes)],
            ["system", Markdown.plain("\(host.os), \(host.kernel)")],
            [
                "BLAS",
                Markdown.plain("\(blas.library) \(blas.version), core \(blas.core), \(blas.threads) threads"),
            ],
            ["native kernels", Markdown.plain(host.kernels)],
            ["load before the run", host.loadAverage.map { Quantity.fixed($0, 2) } ?? Quantity.notMeasured],
        ]
        return ["## Host", Markdown.table(["", ""], rows, numeric: false)]
    }
}

/// How the code under test was kept away from the machine and from its verdict.
enum IsolationSection {
    static func blocks(_ runs: [RunReport]) -> [String] {
        var seen: [IsolationRecord] = []
        for run in runs where !seen.contains(run.isolation) { seen.append(run.isolation) }
        let lines = seen.map { isolation in
            let datasets = runs.filter { $0.isolation == isolation }.map(\.dataset.name)
            let scope =
                seen.count > 1 ? " (\(Set(datasets).sorted().map { Markdown.plain($0) }.joined(separator: ", ")))" : ""
            let interpreters = isolation.interpreters.sorted { $0.key < $1.key }
                .map { "\(Markdown.plain($0.key)): \(Markdown.plain($0.value))" }.joined(separator: ", ")
            let description = isolation.description.hasSuffix(".") ? isolation.description : isolation.description + "."
            return "**\(Markdown.plain(isolation.level))**\(scope): \(Markdown.plain(description))"
                + (interpreters.isEmpty ? "" : " Interpreters: \(interpreters).")
        }
        return lines.isEmpty ? [] : ["## Isolation"] + lines
    }
}
