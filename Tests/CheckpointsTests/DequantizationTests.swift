import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// Every stored type against blocks worked out elsewhere: by hand, and random ones by the reference reader of the
/// format (`Fixtures/checkpoints/quantized-blocks.json`).
struct DequantizationTests {
    private struct Case: Decodable {
        let type: String
        let count: Int
        let bytes: String
        let floats: String
    }

    private func bytes(hexadecimal text: String) throws -> [UInt8] {
        let digits = Array(text.utf8)
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16))
        }
    }

    private func convert(_ bytes: [UInt8], _ type: StoredType, count: Int) throws -> [Float] {
        // One byte in front makes the source unaligned.
        try ([0] + bytes).withUnsafeBytes { source in
            try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
                let start = try #require(source.baseAddress) + 1
                Dequantization.convert(start, type, count: count, into: try #require(buffer.baseAddress))
                initialized = count
            }
        }
    }

    @Test func randomBlocksAgreeWithTheReference() throws {
        let data = try Data(contentsOf: Fixtures.url("checkpoints/quantized-blocks.json"))
        let cases = try JSONDecoder().decode([Case].self, from: data)
        #expect(Set(cases.map(\.type)).union(["f32"]) == Set(StoredType.allCases.map(\.rawValue)))
        for item in cases {
            let type = try #require(StoredType(rawValue: item.type))
            let source = try bytes(hexadecimal: item.bytes)
            #expect(source.count == item.count / type.blockSize * type.bytesPerBlock)
            let expected = try convert(bytes(hexadecimal: item.floats), .f32, count: item.count)
            #expect(try convert(source, type, count: item.count) == expected, "\(item.type)")
        }
    }

    @Test func everyHalf() throws {
        for bits in UInt16.min...UInt16.max {
            let value = try convert([UInt8(bits & 255), UInt8(bits >> 8)], .f16, count: 1)[0]
            let exponent = Int(bits >> 10 & 31)
            let fraction = Float(bits & 1023)
            let sign: Float = bits & 0x8000 == 0 ? 1 : -1
            switch exponent {
            case 0: #expect(value == sign * fraction * 0x1p-24)
            case 31 where fraction == 0: #expect(value == sign * .infinity)
            case 31: #expect(value.isNaN)
            default:
                #expect(
                    value == sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1))
            }
        }
    }

    /// One block each with d = 2 (0x4000), m = 0.5 (0x3800).
    @Test func blocksByHand() throws {
        var q4 = [UInt8](repeating: 0x88, count: 18)
        (q4[0], q4[1], q4[2]) = (0, 0x40, 0xf0)
        let four = try convert(q4, .q4_0, count: 32)
        #expect(four[0] == -16 && four[16] == 14 && four[1] == 0 && four[31] == 0)

        var q41 = [UInt8](repeating: 0, count: 20)
        (q41[1], q41[3], q41[19]) = (0x40, 0x38, 0x21)
        let fourMinimum = try convert(q41, .q4_1, count: 32)
        #expect(fourMinimum[0] == 0.5 && fourMinimum[15] == 2.5 && fourMinimum[31] == 4.5)

        var q5 = [UInt8](repeating: 0, count: 22)
        (q5[1], q5[2], q5[5], q5[6]) = (0x40, 1, 0x80, 0x03)
        let five = try convert(q5, .q5_0, count: 32)
        // Fifth bits of numbers 0 and 31.
        #expect(five[0] == 6 && five[16] == -32 && five[31] == 0 && five[1] == -32)
    }
}
