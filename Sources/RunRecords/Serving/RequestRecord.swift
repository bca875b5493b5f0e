import Foundation

/// One request of a load: a line of `requests.jsonl`, which lies beside `report.json`. Texts are not kept.
package struct RequestRecord: Codable, Sendable, Equatable {
    package static let fileName = "requests.jsonl"

    /// The load's place in `serving`.
    package var load: Int
    /// The request's place in the load, in the order of sending.
    package var index: Int
    /// Seconds from the beginning of the load to sending it.
    package var startS: Double
    /// Why there was no answer; everything below is nil or empty then.
    @Nullable package var error: String?
    @Nullable package var inputTokens: Int?
    @Nullable package var outputTokens: Int?
    /// From sending to the first chunk.
    @Nullable package var ttftS: Double?
    /// (e2elS − ttftS) ÷ (outputTokens − 1); nil where tokens were not counted, or there was but one.
    @Nullable package var tpotS: Double?
    /// From sending to the last chunk.
    @Nullable package var e2elS: Double?
    /// Between successive chunks.
    package var itlS: [Double]

    /// A request without an answer.
    package init(load: Int, index: Int, startS: Double, error: String) {
        (self.load, self.index, self.startS, self.error) = (load, index, startS, error)
        (inputTokens, outputTokens, ttftS, tpotS, e2elS, itlS) = (nil, nil, nil, nil, nil, [])
    }

    /// An answered request; the other times follow.
    package init(
        load: Int, index: Int, startS: Double, inputTokens: Int?, outputTokens: Int?, ttftS: Double, itlS: [Double]
    ) {
        (self.load, self.index, self.startS, error) = (load, index, startS, nil)
        (self.inputTokens, self.outputTokens) = (inputTokens, outputTokens)
        let latency = itlS.reduce(ttftS, +)
        (self.ttftS, self.itlS, e2elS, tpotS) = (ttftS, itlS, latency, nil)
        if let outputTokens, outputTokens > 1 { tpotS = (latency - ttftS) / Double(outputTokens - 1) }
    }

    /// Whether an answered request keeps all limits. One whose tokens were not counted is not known to keep a limit on
    /// TPOT; a single token keeps any.
    func isWithin(_ limits: GoodputLimits) -> Bool {
        let perToken = outputTokens.map { $0 > 1 ? tpotS : 0 } ?? nil
        return [(ttftS, limits.ttftS), (perToken, limits.tpotS), (e2elS, limits.e2elS)].allSatisfy { time, limit in
            limit.map { time ?? .infinity <= $0 } ?? true
        }
    }
}

/// Reads and writes `requests.jsonl`.
package enum RequestLines {
    /// One line of JSON for each request.
    /// - Throws: `ReportError` if a time is a number that JSON has no form for.
    package static func encode(_ requests: [RequestRecord]) throws(ReportError) -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try requests.reduce(into: Data()) { $0 += try encoder.encode($1) + Data("\n".utf8) }
        } catch {
            throw ReportError("\(RequestRecord.fileName): cannot be written as JSON (\(error))")
        }
    }

    /// - Parameter name: what to call the data in an error, usually its path.
    /// - Throws: `ReportError` naming the line that is no request.
    package static func decode(_ data: Data, name: String) throws(ReportError) -> [RequestRecord] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        var requests: [RequestRecord] = []
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where !line.isEmpty {
            guard let request = try? decoder.decode(RequestRecord.self, from: line) else {
                throw ReportError(
                    "\(name): line \(number + 1) is no request as bench --endpoint writes them; measure again, or take the "
                        + "file away and leave the loads unchecked")
            }
            requests.append(request)
        }
        return requests
    }
}
