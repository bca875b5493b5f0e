/// Prompts of a wanted number of tokens: always the same, and no two alike.
package enum SyntheticPrompts {
    /// Short words that most vocabularies have whole.
    private static let words = [
        "time", "people", "way", "day", "world", "life", "hand", "part", "place", "case", "week", "company", "system",
        "program", "question", "work", "number", "night", "point", "home", "water", "room", "mother", "area", "money",
        "story", "fact", "month", "lot", "right", "study", "book", "eye", "job", "word", "business", "issue", "side",
        "kind", "head", "house", "service", "friend", "father", "power", "hour", "game", "line", "end", "member", "law",
        "car", "city", "name", "team", "minute", "idea", "body", "back", "parent", "face", "level", "office", "door",
    ]

    /// Token ids below `vocabulary`, without those in `special`.
    package static func tokens(count: Int, index: Int, seed: Int, vocabulary: Int, special: Set<Int>) -> [Int] {
        var random = SplitMix64(seed: mix(seed, index))
        guard vocabulary > special.count else { return [] }
        return (0..<count).map { _ in
            while true {
                let id = Int(random.next() % UInt64(vocabulary))
                if !special.contains(id) { return id }
            }
        }
    }

    /// A text of so many words.
    package static func text(words count: Int, index: Int, seed: Int) -> String {
        var random = SplitMix64(seed: mix(seed, index))
        return (0..<count).map { _ in words[Int(random.next() % UInt64(words.count))] }.joined(separator: " ")
    }

    /// How many words make a prompt of `tokens`, from what a server counted for two prompts.
    /// - Parameter counted: words and their tokens, of two lengths.
    package static func words(forTokens tokens: Int, counted: ((words: Int, tokens: Int), (words: Int, tokens: Int)))
        -> Int
    {
        let (a, b) = counted
        let perWord = Double(b.tokens - a.tokens) / Double(max(1, b.words - a.words))
        guard perWord > 0 else { return max(1, tokens) }
        let start = Double(a.tokens) - perWord * Double(a.words)
        return max(1, Int(((Double(tokens) - start) / perWord).rounded()))
    }

    private static func mix(_ seed: Int, _ index: Int) -> Int { seed &* 1_000_003 &+ index &* 7919 &+ 17 }
}
