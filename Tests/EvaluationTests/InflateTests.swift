import Evaluation
import Foundation
import TestSupport
import Testing

@Suite struct InflateTests {
    /// Made by Python's zlib: raw DEFLATE of the text below, stored, fixed and dynamic.
    static let cases: [(String, [UInt8])] = InflateCases.all

    @Test(arguments: cases.indices) func unpacks(_ index: Int) throws {
        let (text, packed) = Self.cases[index]
        let result = try Inflate.decompress(packed[...], limit: 1 << 20)
        #expect(String(decoding: result.bytes, as: UTF8.self) == text)
        #expect(result.end == packed.count)
    }

    @Test func everyTruncationIsAnError() {
        for (_, packed) in Self.cases {
            for count in 0..<packed.count {
                #expect(throws: Inflate.Failure.self) { try Inflate.decompress(packed[..<count], limit: 1 << 20) }
            }
        }
    }

    @Test func damageNeverCrashes() {
        for (_, packed) in Self.cases {
            for index in packed.indices {
                for bit in 0..<8 {
                    var damaged = packed
                    damaged[index] ^= 1 << bit
                    _ = try? Inflate.decompress(damaged[...], limit: 1 << 16)
                }
            }
        }
    }

    @Test func capsTheOutput() {
        let (text, packed) = InflateCases.repetitive
        #expect(throws: Inflate.Failure.tooLarge(limit: text.utf8.count - 1)) {
            try Inflate.decompress(packed[...], limit: text.utf8.count - 1)
        }
    }

    @Test func gzipChecksItsChecksum() throws {
        let file = Fixtures.url("evaluation/tiny-humaneval.jsonl.gz")
        let bytes = Array(try Data(contentsOf: file))
        #expect(try Gzip.decompress(bytes, file: "f", limit: 1 << 20).starts(with: Array("{\"task_id\"".utf8)))
        let twice = try Gzip.decompress(bytes + bytes, file: "f", limit: 1 << 20)
        #expect(twice.count == 2 * (try Gzip.decompress(bytes, file: "f", limit: 1 << 20).count))
        var damaged = bytes
        damaged[bytes.count - 6] ^= 1
        #expect(throws: EvaluationError.self) { try Gzip.decompress(damaged, file: "f", limit: 1 << 20) }
        #expect(throws: EvaluationError.self) { try Gzip.decompress(bytes + [1], file: "f", limit: 1 << 20) }
        for count in 0..<bytes.count {
            #expect(throws: EvaluationError.self) {
                try Gzip.decompress(Array(bytes[..<count]), file: "f", limit: 1 << 20)
            }
        }
    }

    /// A file of many members, as bgzip writes them, is put together in time that grows with its size; with its square it
    /// would take hours.
    @Test(.timeLimit(.minutes(20))) func manyMembersTakeNoLongerThanOne() throws {
        let member = Array(try Data(contentsOf: Fixtures.url("evaluation/tiny-humaneval.jsonl.gz")))
        let size = try Gzip.decompress(member, file: "f", limit: 1 << 20).count
        var bytes: [UInt8] = []
        for _ in 0..<60_000 { bytes += member }
        #expect(try Gzip.decompress(bytes, file: "f", limit: 1 << 30).count == 60_000 * size)
    }

    @Test func crcOfTheCheckString() {
        #expect(CRC32.checksum("123456789".utf8) == 0xCBF4_3926)
    }
}
