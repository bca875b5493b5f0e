/// How far a run is.
package struct ProgressState: Sendable, Equatable {
    /// What is being done, e.g. "humaneval bf16".
    package var label: String
    package var total: Int
    package var unit = Unit.problems
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

    /// What `total` and `done` count.
    package enum Unit: Sendable { case problems, bytes }

    /// Bytes a second in this session; nil before the first, and where problems are counted.
    var bytesPerSecond: Double? {
        unit == .bytes && done > resumed && elapsed > 0 ? Double(done - resumed) / elapsed : nil
    }

    /// `42/164`, or `1.20 GiB of 3.89 GiB`.
    var count: String {
        unit == .problems ? "\(done)/\(total)" : "\(Quantity.bytes(done)) of \(Quantity.bytes(total))"
    }

    /// Tokens or bytes a second.
    func rate(tokens: String) -> String? {
        tokensPerSecond.map { "\(Quantity.rate($0)) \(tokens)" }
            ?? bytesPerSecond.map { "\(Quantity.size($0))/s" }
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
    private static let barWidths = 6...20

    /// What a line can consist of, in the order of the line.
    private enum Part: CaseIterable {
        case label, bar, count, score, rate, timeLeft

        /// In which parts are left out of a narrow line.
        static let expendable: [Part] = [.label, .bar, .rate, .timeLeft, .score]
    }

    /// For a screen: `humaneval bf16  ████░░░░  42/164  31.0 % passed  128 tok/s  2 min 31 s left`.
    ///
    /// The bar takes what the others leave of `width` columns; what does not fit even so is left out, the label first,
    /// then the bar, the rate, the time left and the score.
    package static func bar(_ state: ProgressState, width: Int, unicode: Bool = true, color: Bool = false) -> String {
        var texts: [Part: String] = [.count: state.count]
        texts[.label] = state.label.isEmpty ? nil : TerminalText.printable(state.label)
        texts[.score] = score(state)
        texts[.rate] = state.rate(tokens: "tok/s")
        texts[.timeLeft] = state.secondsLeft.map { Quantity.duration($0) + " left" }
        var expendable = Part.expendable[...]
        var room = 0
        var hasBar = true
        while true {
            room = width - texts.values.reduce(-2) { $0 + TerminalText.width($1) + 2 }
            if room >= (hasBar ? barWidths.lowerBound + 2 : 0) { break }
            guard let part = expendable.popFirst() else { break }
            if part == .bar { hasBar = false }
            texts[part] = nil
        }
        let style = TerminalStyle(color: color)
        return Part.allCases.compactMap { part in
            guard part != .bar else {
                return hasBar ? gauge(state.share, min(room - 2, barWidths.upperBound), unicode, style) : nil
            }
            return texts[part].map { part == .label ? style.bold($0) : part == .timeLeft ? style.dim($0) : $0 }
        }.joined(separator: "  ")
    }

    private static func gauge(_ share: Double, _ width: Int, _ unicode: Bool, _ style: TerminalStyle) -> String {
        let filled = Int(share * Double(width))
        let (full, empty) = unicode ? ("█", "░") : ("#", "-")
        return style.green(String(repeating: full, count: filled))
            + style.dim(String(repeating: empty, count: width - filled))
    }

    /// For a log: `humaneval bf16: 42/164 done, 31.0 % passed, 128 tokens/s, about 2 min 31 s left`.
    package static func plain(_ state: ProgressState) -> String {
        var parts = ["\(state.count) done"]
        if let score = score(state) { parts.append(score) }
        if let rate = state.rate(tokens: "tokens/s") { parts.append(rate) }
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
