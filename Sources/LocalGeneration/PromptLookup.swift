/// Guesses the next tokens of a text from what followed the same few tokens earlier in it (prompt-lookup decoding).
///
/// Code repeats itself: names, signatures, the lines of a loop. How many tokens are guessed follows what became of the
/// guesses before, so that text without repetition costs little. Nothing here depends on time.
struct PromptLookup {
    private static let longestMatch = 4
    private static let shortestMatch = 2
    private static let mostTokens = 8
    private static let longestPause = 64

    private var text: [Int32]
    /// Tokens to guess next.
    private var width = 2
    private var missesInARow = 0
    /// Steps for which nothing is guessed.
    private var pause = 0

    init(_ prompt: [Int]) { text = prompt.map(Int32.init) }

    mutating func append(_ token: Int) { text.append(Int32(token)) }

    /// At most `limit` tokens that may come next; empty where nothing suggests any.
    mutating func guess(limit: Int) -> ArraySlice<Int32> {
        guard limit > 0 else { return [] }
        guard pause == 0 else {
            pause -= 1
            return []
        }
        guard let start = continuation() else { return [] }
        return text[start..<min(text.count, start + min(width, limit))]
    }

    /// Tells what became of a guess.
    mutating func verified(guessed: Int, accepted: Int) {
        if accepted == guessed {
            width = min(2 * width, Self.mostTokens)
        } else {
            width = max(1, accepted)
        }
        missesInARow = accepted > 0 ? 0 : missesInARow + 1
        if missesInARow >= 3 { pause = min(1 << min(missesInARow, 30), Self.longestPause) }
    }

    /// Where the text goes on after the latest earlier occurrence of its last tokens, the longest match first.
    private func continuation() -> Int? {
        text.withUnsafeBufferPointer { text in
            for length in stride(from: Self.longestMatch, through: Self.shortestMatch, by: -1)
            where text.count > length {
                let last = text.count - length
                var start = last - 1
                while start >= 0 {
                    var same = 0
                    while same < length, text[start + same] == text[last + same] { same += 1 }
                    if same == length { return start + length }
                    start -= 1
                }
            }
            return nil
        }
    }
}
