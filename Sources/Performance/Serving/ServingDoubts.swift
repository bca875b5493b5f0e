import RunRecords

/// Finds what makes the numbers of a load less certain; each doubt names a cause and a remedy.
package enum ServingDoubts {
    /// - Parameter servers: endpoints that shared the load; `/metrics` is that of the first.
    package static func warnings(_ record: ServingRecord, servers: Int) -> [BenchmarkWarning] {
        var found = record.endpoint.losses.map {
            BenchmarkWarning(cause: $0, remedy: "use a server that does, or read the numbers accordingly")
        }
        if record.failed > 0 {
            found.append(
                BenchmarkWarning(
                    cause:
                        "\(record.failed) of \(record.load.requests) requests failed (\(record.errors.first?.reason ?? "")); "
                        + "the numbers are of the others",
                    remedy: "lower the load, or mend what the errors name"))
        }
        if record.completed > 0, record.outputTokens == nil {
            found.append(
                BenchmarkWarning(
                    cause: "the server counted no tokens, so tokens/s and TPOT are not measured",
                    remedy: "give --tokenizer, the model's own"))
        }
        if let concurrency = record.load.concurrency, record.load.requests < 4 * concurrency {
            found.append(
                BenchmarkWarning(
                    cause:
                        "\(record.load.requests) requests are less than four rounds of \(concurrency), so the load was "
                        + "rising and falling for much of the time",
                    remedy: "raise --num-prompts"))
        }
        if record.completed > 0, record.completed < 100 {
            found.append(
                BenchmarkWarning(
                    cause: "the 99th percentile of \(record.completed) requests is little more than the slowest one",
                    remedy: "raise --num-prompts to 100 or more for it"))
        }
        if let asked = record.load.promptTokens, let input = record.inputTokens, record.completed > 0 {
            let mean = Double(input) / Double(record.completed)
            if abs(mean - Double(asked)) > 0.02 * Double(asked) + 1 {
                found.append(
                    BenchmarkWarning(
                        cause: "prompts had \(Int(mean.rounded())) tokens on average, where \(asked) were asked for",
                        remedy: "give --tokenizer, the model's own"))
            }
        }
        if let rate = record.load.requestRate, record.completed > 0,
            let last = record.e2elS?.p50, record.durationS > Double(record.load.requests) / rate * 1.2 + last
        {
            found.append(
                BenchmarkWarning(
                    cause:
                        "answering took much longer than the arrivals: the server does not keep up with the rate, and "
                        + "latencies grow with the number of requests",
                    remedy: "lower --request-rate for latencies that hold"))
        }
        if servers > 1, !record.serverMetrics.isEmpty {
            found.append(
                BenchmarkWarning(
                    cause: "metrics are those of the first of \(servers) servers",
                    remedy: "look at the others' /metrics"))
        }
        return found
    }
}
