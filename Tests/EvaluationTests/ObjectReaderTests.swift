import Evaluation
import Testing

@Suite struct ObjectReaderTests {
    private func read(_ text: String) throws -> ObjectReader {
        try ObjectReader(parsing: Array(text.utf8)[...], file: "f.json")
    }

    @Test func namesTheUnknownKeyAndItsLine() throws {
        var reader = try read("{\n\"name\": \"x\",\n\"nmae\": 1}")
        _ = try reader.string("name")
        let error = #expect(throws: EvaluationError.self) { try reader.finish() }
        #expect(error?.message == "f.json:3: unknown key \"nmae\"; remove it or use one of: name")
    }

    @Test func namesTheLineOfWhatIsNoJSON() {
        let error = #expect(throws: EvaluationError.self) { try read("{\n\"name\": x}") }
        #expect(
            error?.message
                == "f.json:2: invalid JSON at byte 10 (expected a value, found 'x}'); write valid JSON there")
    }

    @Test func halfASurrogatePairIsReplaced() throws {
        var reader = try read(#"{"name": "a\ud800"}"#)
        #expect(try reader.string("name") == "a\u{FFFD}")
    }
}
