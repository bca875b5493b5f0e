/// Sizes of text. Nobody can measure fonts here, so widths are estimates that err on the wide side.
enum ChartText {
    static func width(_ text: String, size: Double = 12) -> Double {
        Double(TerminalText.width(text)) * size * 0.58
    }

    /// The text in lines of at most `width`, broken between words; a word that is too long stays whole.
    static func lines(_ text: String, width: Double, size: Double = 12) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, Self.width(last + " " + word, size: size) <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// Centres moved as little as needed so that neighbours are at least `gap` apart and all lie in `bounds`.
    /// The result is in the order of `wanted`.
    static func spread(_ wanted: [Double], gap: Double, within bounds: ClosedRange<Double>) -> [Double] {
        let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        var placed = wanted
        var lowest = bounds.lowerBound
        for index in order {
            placed[index] = max(wanted[index], lowest)
            lowest = placed[index] + gap
        }
        var highest = bounds.upperBound
        for index in order.reversed() {
            placed[index] = min(placed[index], highest)
            highest = placed[index] - gap
        }
        return placed
    }
}
