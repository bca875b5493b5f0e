import ForeignText
import Testing

@Suite struct JSONParserTests {
    private func parse(
        _ text: String, line: Int = 1, halfPairs: JSONParser.HalfPairs = .refused
    ) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8)[...], line: line, halfPairs: halfPairs)
    }

    private func fault(_ text: String) -> JSONFault? {
        #expect(throws: JSONFault.self, "\(text)") { try parse(text) }
    }

    @Test func readsEveryKindOfValueWithItsLine() throws {
        let value = try parse(
            " {\n \"a\": [1, -2.5e3, true, null],\n \"b\": \"x\\n\\u4e2d\\ud83d\\ude00\", \"c\": {}}\n")
        let object = try #require(value.object)
        #expect(object.entries.map(\.key) == ["a", "b", "c"] && object.entries.map(\.value.line) == [2, 3, 3])
        #expect(value["b"]?.string == "x\n中😀" && value["c"]?.object?.entries.isEmpty == true)
        let list = try #require(value["a"]?.array)
        #expect(list.map(\.integer) == [1, nil, nil, nil] && list.map(\.double) == [1, -2500, nil, nil])
        #expect(list.map(\.bool) == [nil, nil, true, nil] && list.map(\.isNull) == [false, false, false, true])
        #expect(list.map(\.isWhole) == [true, false, false, false] && list.map(\.line) == [2, 2, 2, 2])
        #expect(list.map(\.summary) == ["1", "-2.5e3", "true", "null"])
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "01", "-", "1.", "1e", "1e999", "nul", "\"",
        "\"\\x\"", "\"\\u12\"", "\"\\u12", "\"a\nb\"", "1 2", "{a:1}", "NaN", "+1", "\"\\", "{\"a\"}", "]",
        "\"\\udc00\"", "\"\\ud800\"", "\"\\ud800\\n\"", "\"\\ud800\\u0041\"",
    ])
    func refuses(_ text: String) {
        #expect(fault(text)?.problem.hasPrefix("invalid JSON at byte ") == true)
    }

    @Test func saysWhatWasExpectedWhere() {
        #expect(fault("{\n\"a\": tru}")?.description == "invalid JSON at byte 7 (expected 'true', found 'tru}')")
        #expect(fault("{\n\"a\": tru}")?.line == 2)
        #expect(fault("[1")?.description == "invalid JSON at byte 2 (expected ',' or ']', found the end of the text)")
    }

    @Test func numbersStayAsTheyAreWritten() throws {
        let huge = try parse("123456789012345678901234567890")
        #expect(huge.integer == nil && huge.isWhole && huge.double == 1.2345678901234568e29)
        #expect(try parse("2.0").integer == nil && parse("2.0").isWhole == false && parse("2E0").isWhole == false)
    }

    @Test func halfPairsAreReplacedWhereThatIsAsked() throws {
        let text = "\"a\\ud800\\n\\udc00\\ud800\\u0041\""
        #expect(try parse(text, halfPairs: .replaced).string == "a\u{FFFD}\n\u{FFFD}\u{FFFD}A")
    }

    @Test func keysAreUniqueByteByByte() throws {
        #expect(fault("{\"a\": 1, \"a\": 2}")?.problem.contains("'a' occurs twice") == true)
        let object = try #require(parse("{\"\u{E9}\": 1, \"e\u{301}\": 2}").object)
        #expect(object["\u{E9}"]?.integer == 1 && object["e\u{301}"]?.integer == 2)
    }

    @Test func boundsDepth() throws {
        #expect(fault(String(repeating: "[", count: 100_000))?.problem.contains("nesting too deep") == true)
        #expect(fault(String(repeating: "{\"a\":", count: 100_000))?.problem.contains("nesting too deep") == true)
        _ = try parse(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
        #expect(fault(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)) != nil)
    }

    @Test func refusesBadUTF8() {
        let error = #expect(throws: JSONFault.self) {
            try JSONParser.parse([0x22, 0x61, 0xFF, 0x22])
        }
        #expect(error?.problem == "invalid UTF-8 in a JSON string at byte 1")
    }
}
