import Evaluation
import Testing

@Suite struct JSONParserTests {
    func parse(_ text: String) throws -> JSONNode {
        try JSONParser.parse(Array(text.utf8)[...], file: "f.json")
    }

    @Test func readsEveryKindOfValueWithItsLine() throws {
        let node = try parse("{\n \"a\": [1, -2.5e3, true, null],\n \"b\": \"x\\n\\u4e2d\\ud83d\\ude00\\ud800\"\n}")
        guard case .object(let members) = node.value else {
            Issue.record("no object")
            return
        }
        #expect(members.map(\.key) == ["a", "b"])
        #expect(members[1].node == JSONNode(.string("x\n中😀\u{FFFD}"), line: 3))
        #expect(
            members[0].node.value
                == .array([
                    JSONNode(.number("1"), line: 2), JSONNode(.number("-2.5e3"), line: 2),
                    JSONNode(.bool(true), line: 2), JSONNode(.null, line: 2),
                ]))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":1,\"a\":2}", "01", "1.", "1e", "nul", "\"",
        "\"\\x\"",
        "\"\\u12\"", "\"a\nb\"", "1 2", "{a:1}", "NaN", "+1", "\"\\",
    ])
    func refuses(_ text: String) {
        #expect(throws: EvaluationError.self) { try parse(text) }
    }

    @Test func boundsDepth() {
        #expect(throws: EvaluationError.self) { try parse(String(repeating: "[", count: 100_000)) }
        #expect(throws: Never.self) { try parse(String(repeating: "[", count: 60) + String(repeating: "]", count: 60)) }
    }

    @Test func refusesBadUTF8() {
        #expect(throws: EvaluationError.self) { try JSONParser.parse([0x22, 0xFF, 0x22], file: "f") }
    }

    @Test func namesTheUnknownKeyAndItsLine() throws {
        var reader = try ObjectReader(try parse("{\n\"name\": \"x\",\n\"nmae\": 1}"), file: "f.json")
        _ = try reader.string("name")
        let error = #expect(throws: EvaluationError.self) { try reader.finish() }
        #expect(error?.message == "f.json:3: unknown key \"nmae\"; remove it or use one of: name")
    }
}
