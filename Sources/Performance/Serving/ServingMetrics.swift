import Generation
import RunRecords

extension RequestRecord {
    /// - Parameters:
    ///   - load: its place in the report's `serving`.
    ///   - index: the request's place in the load.
    package init(_ outcome: LoadOutcome, load: Int, index: Int) {
        guard let result = outcome.result else {
            self.init(
                load: load, index: index, startS: outcome.startS, error: outcome.error ?? "ended without an answer")
            return
        }
        self.init(
            load: load, index: index, startS: outcome.startS, inputTokens: result.usage?.promptTokens,
            outputTokens: result.usage?.generatedTokens, ttftS: result.timing.timeToFirstToken,
            itlS: result.timing.interToken)
    }
}

extension ServingRecord {
    package init(endpoint: EndpointRecord, load: LoadRecord, outcomes: [LoadOutcome], seconds: Double) {
        self.init(
            endpoint: endpoint, load: load,
            requests: outcomes.enumerated().map { RequestRecord($0.element, load: 0, index: $0.offset) },
            seconds: seconds)
    }
}
