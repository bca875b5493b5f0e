import Testing

@testable import RemoteGeneration

/// Events are the same wherever the network cuts them.
struct ServerSentEventsTests {
    private func events(_ bytes: [UInt8], cut size: Int) throws -> [String] {
        var parser = ServerSentEvents()
        var found: [[UInt8]] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            found += try parser.append(bytes[start..<min(bytes.count, start + size)])
        }
        if let rest = parser.finish() { found.append(rest) }
        return found.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func everyCutGivesTheSame(end: String) throws {
        let lines = [
            "\u{FEFF}: a ping", "data: {\"a\": \"元🦙\"}", "", "event: x", "id: 4", "data:no space", "data:  two", "", "",
            "retry: 5", "database: no", "", "data", "", "data: [DONE]", "",
        ]
        let bytes = Array(lines.map { $0 + end }.joined().utf8)
        let expected = ["{\"a\": \"元🦙\"}", "no space\n two", "", "[DONE]"]
        for size in 1...bytes.count { #expect(try events(bytes, cut: size) == expected, "\(size)") }
    }

    @Test func aMissingLastBlankLineLosesNothing() throws {
        #expect(try events(Array("data: 1\n\ndata: 2".utf8), cut: 3) == ["1", "2"])
        #expect(try events(Array("data: 1\n\ndata: 2\n".utf8), cut: 3) == ["1", "2"])
        #expect(try events(Array(": nothing".utf8), cut: 3) == [])
    }

    @Test func anEndlessLineIsRefused() throws {
        var parser = ServerSentEvents()
        let part = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(throws: EndpointError.self) {
            for _ in 0...16 { _ = try parser.append(part) }
        }
    }
}
