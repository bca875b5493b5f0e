import RunRecords

/// What was asked for, and of which model and data.
enum SettingsSection {
    static func blocks(_ groups: [RunGroup]) -> [String] {
        groups.isEmpty ? [] : ["## Settings"] + groups.map(table)
    }

    private static func table(_ group: RunGroup) -> String {
        let (model, dataset) = (group.model, group.dataset)
        let facts = [
            model.architecture, model.format.map { "\($0)\(model.storedDtype.map { ", stored as \($0)" } ?? "")" },
            model.parameters.map { "\(Quantity.parameters($0)) parameters" },
        ].compactMap { $0 }
        var rows = [
            ["model", Markdown.plain(([model.name] + facts).joined(separator: ", "))],
            ["model SHA-256", model.sha256.map { Markdown.code($0) } ?? Quantity.notMeasured],
            [
                "data set",
                Markdown.plain(
                    dataset.name + (dataset.version.map { " \($0)" } ?? "")
                        + ", \(Quantity.count(dataset.problems)) problems"),
            ],
            ["data SHA-256", Markdown.code(dataset.sha256)],
        ]
        rows += [
            shared("prompt", group) { $0.settings.prompt },
            shared("extraction", group) { $0.settings.extraction },
            shared("decoding", group) { $0.settings.decoding },
            shared("new tokens at most", group) { $0.settings.maxNewTokens.map { Quantity.count($0) } },
            shared("batch size", group) { run in
                run.settings.batchSize.map {
                    Quantity.count($0) + (run.settings.batchSizeAuto == true ? " (auto)" : "")
                }
            },
            shared("threads", group) { $0.settings.threads.map { Quantity.count($0) } },
            shared("shard", group) {
                $0.settings.shard.map { "\($0.name) of \(Quantity.count($0.problems)) problems" }
            },
            shared("joined from", group) { $0.shards.map { "\(Quantity.count($0.count)) shards" } },
            shared("kernels", group) { $0.settings.kernels },
            shared("endpoints", group) { $0.settings.endpoint?.urls.joined(separator: " and ") },
            shared("asked by", group) { run in
                run.settings.endpoint.map {
                    "\($0.prompts) to \($0.route), \($0.concurrency.map { "\($0) at a time" } ?? "")"
                }
            },
            shared("requests sent", group) { run in
                run.settings.endpoint.map {
                    "\($0.requests.map(String.init).joined(separator: " + "))"
                        + ($0.retries > 0 ? ", \($0.retries) of them again" : "")
                }
            },
            shared("tokens counted by", group) {
                $0.settings.endpoint.map { $0.tokenCounts.keys.sorted().joined(separator: ", ") }
            },
            shared("weights changed by conversion", group) { $0.model.weightsChanged.map { Quantity.count($0) } },
        ].compactMap { $0 }
        let stop = group.runs[0].settings.stop
        if !stop.isEmpty {
            rows.append(["stop strings", stop.map { Markdown.code(visible($0)) }.joined(separator: " ")])
        }
        return Markdown.table(["", ""], rows, numeric: false)
    }

    /// A row of what the runs have in common, or of what each has; nil if none has it.
    private static func shared(_ name: String, _ group: RunGroup, _ value: (RunReport) -> String?) -> [String]? {
        let values = group.runs.map { ($0.label, value($0)) }
        guard let first = values[0].1 ?? values.lazy.compactMap(\.1).first else { return nil }
        if values.allSatisfy({ $0.1 == first }) { return [name, Markdown.plain(first)] }
        return [
            name, Markdown.plain(values.map { "\($0.0): \($0.1 ?? Quantity.notMeasured)" }.joined(separator: ", ")),
        ]
    }

    /// Line ends and tabs as they are written in code.
    private static func visible(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.append(character)
            }
        }
    }
}
