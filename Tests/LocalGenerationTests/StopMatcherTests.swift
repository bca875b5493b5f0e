import Generation
import Testing

struct StopMatcherTests {
    /// Feeds pieces until a stop or the end; returns the emitted text and whether a stop was met.
    private func feed(_ pieces: [String], stops: [String]) -> (text: String, stopped: Bool) {
        var matcher = StopMatcher(stops)
        var text = ""
        for piece in pieces {
            let (emitted, stopped) = matcher.append(piece)
            text += emitted
            if stopped { return (text, true) }
        }
        return (text + matcher.finish(), false)
    }

    @Test func cutsBeforeTheEarliestStopHoweverTheTextIsCut() {
        let text = "    return 1\n\ndef next():\n#"
        for size in 1...text.count {
            let pieces = stride(from: 0, to: text.count, by: size).map { start in
                String(Array(text)[start..<min(text.count, start + size)])
            }
            let result = feed(pieces, stops: ["\n#", "\ndef"])
            #expect(result.text == "    return 1\n" && result.stopped)
        }
    }

    @Test func holdsBackOnlyWhatMayBecomeAStop() {
        var matcher = StopMatcher(["\ndef"])
        #expect(matcher.append("a\nde") == ("a", false))
        #expect(matcher.append("bug") == ("\ndebug", false))
        #expect(matcher.append("\n") == ("", false))
        #expect(matcher.finish() == "\n")
    }

    @Test func matchesBytesNotGraphemes() {
        // "\r\n" is one Character; a stop at "\n" must still be found.
        #expect(feed(["a\r\n", "def"], stops: ["\ndef"]) == ("a\r", true))
        #expect(feed(["e", "\u{301}x"], stops: ["e"]) == ("", true))
    }

    @Test func withoutStopsEverythingPasses() {
        #expect(feed(["你好", "", "x"], stops: [""]) == ("你好x", false))
    }
}
