/// Tests that look like the real ones but expect something else: in every assertion that compares with a literal, the
/// literal is another one. An honest program fails them, and unlike the poisoned tests of the negative control nothing in
/// them tells a program that it is being controlled: to behave there and to cheat elsewhere it would have to know which
/// answer is right.
///
/// Only assertions that surely run are altered: at the top of the tests or of a `check` that is called, under no condition,
/// loop or handler. What is not understood is left alone.
enum AlteredTests {
    /// - Returns: nil where no assertion can be altered.
    static func of(_ tests: String, language: String) -> String? {
        let text = Array(tests.utf8)
        let places: [Int]
        switch language {
        case "python": places = PythonAssertions(text).operands
        case "cpp": places = BracedAssertions(text, depth: 1).operands
        case "swift": places = BracedAssertions(text, depth: 0).operands
        default: return nil
        }
        var altered = text
        var changes = 0
        for place in places.reversed() {
            guard let change = LiteralChange.first(in: text, from: place, language: language) else { continue }
            altered.replaceSubrange(change.range, with: change.bytes)
            changes += 1
        }
        return changes > 0 ? String(decoding: altered, as: UTF8.self) : nil
    }
}
