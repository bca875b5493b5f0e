import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite struct YuanGSM8KTests {
    @Test func linesBecomeRows() throws {
        let rows = try YuanGSM8K.rows(Array("一加\"一\"？[SEP]2\r\n\n二百[SEP]1,200".utf8), file: "f")
        let lines = String(decoding: rows, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0] == #"{"answer":"2","id":"yuan2-gsm8k/1","prompt":"一加\"一\"？"}"#)
        #expect(lines[1].contains(#""answer":"1,200""#))
    }

    @Test(arguments: ["no separator", "a[SEP]b[SEP]c", "[SEP]1", "a[SEP]", "ok[SEP]1\nbroken"])
    func otherFilesAreRefused(text: String) {
        #expect(throws: EvaluationError.self) { try YuanGSM8K.rows(Array(text.utf8), file: "f") }
    }
}
