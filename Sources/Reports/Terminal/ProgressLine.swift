/// How far a run is.
package struct ProgressState: Sendable, Equatable {
    /// What is being done, e.g. "humaneval bf16".
    package var label: String
    package var total: Int
    package var done = 0
    /// Of `done`, those of an earlier session: they tell nothing about today's speed.
    package var resumed = 0
    package var passed = 0
    /// Of `done`, those with a verdict about the sample.
    package var scored = 0
    /// Tokens generated in this session.
    package var generatedTokens = 0
    /// Seconds since the beginning of this session, monotonic.
    package var elapsed = 0.0

    package init(label: String, total: Int) {
        self.label = label
        self.total = total
    }

    /// Tokens a second in this session; nil before the first.
    var tokensPerSecond: Double? {
        generatedTokens > 0 && elapsed > 0 ? Double(generatedTokens) / elapsed : nil
    }

    /// At the pace of this session; nil before the first problem is done.
    var secondsLeft: Double? {
        let (now, open) = (done - resumed, total - done)
        return now > 0 && open >= 0 && elapsed > 0 ? elapsed / Double(now) * Double(open) : nil
    }

    var share: Double { total > 0 ? min(1, Double(done) / Double(total)) : 0 }
}

/// The state in one line.
package enum ProgressLine {
    private static let barWidth = 20

    /// For a screen: `humaneval bf16 [████░░░░] 42/164  31.0 % passed  128 tokens/s  2 min 31 s left`.
    ///
    /// What does not fit into `width` columns is left out: the bar first, then the rate, the label, the time left and
    /// the score.
    package static func bar(_ state: ProgressState, width: Int, unicode: Bool = true, color: Bool = false) -> String {
        let style = TerminalStyle(color: color)
        let filled = Int((state.share * Double(barWidth)).rounded(.down))
        let (full, empty) = unicode ? ("█", "░") : ("#", "-")
        let bar = (String(repeating: full, count: filled), String(repeating: empty, count: barWidth - filled))
        let count = "\(state.done)/\(state.total)"
        // (rank by which parts go, plain text, text as shown)
        var parts: [(rank: Int, plain: String, shown: String)] = []
        let label = TerminalText.printable(state.label)
        parts.append((3, label, style.bold(label)))
        parts.append((5, bar.0 + bar.1, style.green(bar.0) + style.dim(bar.1)))
        parts.append((0, count, count))
        if let score = score(state) { parts.append((1, score, score)) }
        if let rate = state.tokensPerSecond {
            parts.append((4, Quantity.rate(rate) + " tokens/s", Quantity.rate(rate) + " tokens/s"))
        }
        if let left = state.secondsLeft {
            let text = Quantity.duration(left) + " left"
            parts.append((2, text, style.dim(text)))
        }
        while parts.count > 1, parts.reduce(-2, { $0 + TerminalText.width($1.plain) + 2 }) > width {
            guard let last = parts.indices.max(by: { parts[$0].rank < parts[$1].rank }) else { break }
            parts.remove(at: last)
        }
        return parts.map(\.shown).joined(separator: "  ")
    }

    /// For a log: `humaneval bf16: 42/164 done, 31.0 % passed, 128 tokens/s, about 2 min 31 s left`.
    package static func plain(_ state: ProgressState) -> String {
        var parts = ["\(state.done)/\(state.total) done"]
        if let score = score(state) { parts.append(score) }
        if let rate = state.tokensPerSecond { parts.append(Quantity.rate(rate) + " tokens/s") }
        if state.done >= state.total {
            parts.append("took \(Quantity.duration(state.elapsed))")
        } else if let left = state.secondsLeft {
            parts.append("about \(Quantity.duration(left)) left")
        }
        return "\(TerminalText.printable(state.label)): \(parts.joined(separator: ", "))"
    }

    private static func score(_ state: ProgressState) -> String? {
        state.scored > 0 ? Quantity.percent(Double(state.passed) / Double(state.scored)) + " passed" : nil
    }
}
