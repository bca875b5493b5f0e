/// What is not equal between two runs that are compared.
enum RunDifferences {
    /// Settings of evaluation: one clause each, `name: earlier → later`.
    static func settings(_ a: RunReport, _ b: RunReport) -> [String] {
        let (s, t) = (a.settings, b.settings)
        return [
            clause("model", a.model.name, b.model.name), clause("model SHA-256", a.model.sha256, b.model.sha256),
            clause("stored dtype", a.model.storedDtype, b.model.storedDtype),
            clause("data set version", a.dataset.version, b.dataset.version),
            clause("decoding", s.decoding, t.decoding), clause("extraction", s.extraction, t.extraction),
            clause("new tokens at most", s.maxNewTokens, t.maxNewTokens), clause("kernels", s.kernels, t.kernels),
            clause("batch size", s.batchSize, t.batchSize), clause("threads", s.threads, t.threads),
            clause("stop strings", "\(s.stop)", "\(t.stop)"), clause("isolation", a.isolation.level, b.isolation.level),
            clause("interpreters", words(a.isolation.interpreters), words(b.isolation.interpreters)),
        ].compactMap { $0 }
    }

    /// Why speed and memory cannot be compared: the hosts, or what the engine was given of them; nil where they can.
    static func unlike(_ a: RunReport, _ b: RunReport, hosts: (a: HostRecord, b: HostRecord)) -> String? {
        notComparable(
            differences(hosts.a, hosts.b)
                + [
                    clause("batch size", a.settings.batchSize, b.settings.batchSize),
                    clause("threads", a.settings.threads, b.settings.threads),
                ].compactMap { $0 })
    }

    /// Why measurements of two hosts cannot be compared; nil where they can.
    static func unlike(hosts: (a: HostRecord, b: HostRecord)) -> String? {
        notComparable(differences(hosts.a, hosts.b))
    }

    private static func notComparable(_ differences: [String]) -> String? {
        differences.isEmpty ? nil : "not comparable: \(differences.joined(separator: ", "))"
    }

    private static func differences(_ first: HostRecord, _ second: HostRecord) -> [String] {
        [
            clause("processor", first.cpu, second.cpu), clause("cores", first.logicalCores, second.logicalCores),
            clause("kernels", first.kernels, second.kernels),
            clause(
                "BLAS", "\(first.blas.library) \(first.blas.version) \(first.blas.core)",
                "\(second.blas.library) \(second.blas.version) \(second.blas.core)"),
        ].compactMap { $0 }
    }

    private static func clause<Value: Equatable>(_ name: String, _ a: Value?, _ b: Value?) -> String? {
        guard a != b else { return nil }
        func text(_ value: Value?) -> String { value.map { "\($0)" } ?? "unknown" }
        return "\(name): \(text(a)) → \(text(b))"
    }

    private static func words(_ interpreters: [String: String]) -> String {
        interpreters.sorted { $0.key < $1.key }.map(\.value).joined(separator: ", ")
    }
}
