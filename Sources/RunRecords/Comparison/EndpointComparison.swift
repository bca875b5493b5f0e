/// The tokens of one answer as an endpoint named them.
package struct TokenTrace: Sendable, Equatable {
    /// A generated token.
    package struct Step: Codable, Sendable, Equatable {
        /// As the server writes it.
        package var text: String
        /// nil where the server names none.
        package var id: Int?
        /// Highest minus second-highest log probability; nil where the server does not tell both.
        package var margin: Double?

        package init(text: String, id: Int?, margin: Double?) {
            self.text = text
            self.id = id
            self.margin = margin
        }
    }

    package var steps: [Step]

    package init(steps: [Step]) { self.steps = steps }

    /// Index of the first step at which the two do not choose the same token; nil if there is none.
    func parting(from other: TokenTrace) -> Int? {
        let pairs = zip(steps, other.steps)
        let first = pairs.enumerated().first { _, pair in
            if let a = pair.0.id, let b = pair.1.id { return a != b }
            return pair.0.text != pair.1.text
        }
        return first?.offset ?? (steps.count == other.steps.count ? nil : min(steps.count, other.steps.count))
    }
}

extension ComparisonRecord {
    /// Two runs that engines elsewhere generated, with what they told of their tokens.
    ///
    /// Nothing judges whether rounding explains a divergence: no engine was taken along the other's tokens.
    /// - Parameter traces: by problem; empty where the server tells no log probabilities.
    package init(endpoints pairs: PairedRuns, traces: (a: [String: TokenTrace], b: [String: TokenTrace])) {
        self.init(kind: "endpoint", pairs)
        for (index, entry) in byProblem.enumerated() where !entry.identical && entry.sample == 0 {
            guard let a = traces.a[entry.id], let b = traces.b[entry.id],
                let step = entry.firstDivergence ?? a.parting(from: b)
            else { continue }
            byProblem[index].firstDivergence = step
            func side(_ trace: TokenTrace) -> TokenTrace.Step? {
                trace.steps.indices.contains(step) ? trace.steps[step] : nil
            }
            let (first, second) = (side(a), side(b))
            byProblem[index].divergence = DivergenceRecord(
                tokenA: first?.id, tokenB: second?.id, textA: first?.text, textB: second?.text,
                marginA: first?.margin, marginB: second?.margin, marginReference: nil, explainedByRounding: nil)
        }
        firstDivergence = FirstDivergenceRecord(byProblem)
    }
}
