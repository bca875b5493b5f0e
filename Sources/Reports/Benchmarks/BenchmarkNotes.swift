import RunRecords

/// The doubts about a benchmark's points, those of several points together.
enum BenchmarkNotes {
    static func all(_ records: [BenchmarkRecord]) -> [String] {
        var order: [BenchmarkWarning] = []
        var points: [String: [String]] = [:]
        for record in records {
            for warning in record.warnings {
                // Causes differ in their figures; the remedy tells the kind.
                if points[warning.remedy] == nil { order.append(warning) }
                points[warning.remedy, default: []].append(
                    "prompt \(record.promptTokens), batch \(record.batchSize), \(record.dtype), \(record.threads) threads"
                )
            }
        }
        return order.map { warning in
            let places = points[warning.remedy] ?? []
            let more = places.count > 1 ? " and \(places.count - 1) more of \(records.count) points" : ""
            return "\(warning.cause) (\(places.first ?? "")\(more)); \(warning.remedy)."
        }
    }
}
