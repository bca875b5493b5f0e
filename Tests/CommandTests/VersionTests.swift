import Testing

@testable import yuanbench

struct VersionTests {
    @Test func theVersionLineNamesTheTool() {
        #expect(Version.line == "yuanbench \(Version.number)")
    }
}
