import CKernels
import Foundation
import Testing

@testable import Tensors

@Suite struct RoundingTests {
    /// Value of a stored number by its definition: sign, exponent and fraction bits.
    static func value(_ bits: UInt16, _ dtype: DType) -> Float {
        if dtype == .bf16 { return Float(bitPattern: UInt32(bits) << 16) }
        let sign: Double = bits & 0x8000 == 0 ? 1 : -1
        let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023) / 1024)
        switch exponent {
        case 31: return fraction == 0 ? Float(sign) * .infinity : .nan
        case 0: return Float(sign * fraction * pow(2, -14))
        default: return Float(sign * (1 + fraction) * pow(2, Double(exponent - 15)))
        }
    }

    static func rounded(_ values: [Float], _ dtype: DType, _ isa: InstructionSet) -> [Float] {
        var result = values
        yb_round(isa.kernelISA, dtype.kernelType, &result, values, values.count)
        return result
    }

    static func identical(_ a: Float, _ b: Float) -> Bool { a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN) }

    /// All 65536 stored values decode by the definition and survive a round trip.
    @Test(arguments: InstructionSet.available, [DType.bf16, .fp16])
    func everyStoredValue(isa: InstructionSet, dtype: DType) {
        let stored = (0...UInt16.max).map { $0 }
        var decoded = [Float](repeating: 0, count: stored.count)
        yb_decode(isa.kernelISA, dtype.kernelType, &decoded, stored, stored.count)
        var encoded = [UInt16](repeating: 0, count: stored.count)
        yb_encode(isa.kernelISA, dtype.kernelType, &encoded, decoded, stored.count)
        let again = Self.rounded(decoded, dtype, isa)
        for bits in stored {
            let (index, expected) = (Int(bits), Self.value(bits, dtype))
            #expect(Self.identical(decoded[index], expected))
            #expect(Self.identical(again[index], expected))
            if expected.isNaN {
                #expect(Self.value(encoded[index], dtype).isNaN)
            } else {
                #expect(encoded[index] == bits)
            }
        }
    }

    /// Between neighbours: below the middle down, above it up, in the middle to the even one; beyond the last: infinity.
    @Test(arguments: InstructionSet.available, [DType.bf16, .fp16])
    func nearestEven(isa: InstructionSet, dtype: DType) {
        let infinity: UInt16 = dtype == .bf16 ? 0x7f80 : 0x7c00
        var inputs: [Float] = []
        var expected: [Float] = []
        for low in 0..<infinity {
            // The place the next value would have, infinity's included, decides the middle.
            let lower = Self.value(low, dtype)
            let step =
                low + 1 == infinity
                ? Double(lower) - Double(Self.value(low - 1, dtype))
                : Double(Self.value(low + 1, dtype)) - Double(lower)
            let middle = Float(Double(lower) + step / 2)
            let (even, upper) = (low % 2 == 0 ? lower : Self.value(low + 1, dtype), Self.value(low + 1, dtype))
            for (input, output) in [(middle.nextDown, lower), (middle, even), (middle.nextUp, upper)] {
                inputs += [input, -input]
                expected += [output, -output]
            }
        }
        inputs += [.nan, -.nan, Float(bitPattern: 0x7f80_0001), .infinity, -.infinity, .greatestFiniteMagnitude]
        expected += [.nan, .nan, .nan, .infinity, -.infinity, .infinity]
        let outputs = Self.rounded(inputs, dtype, isa)
        let wrong = inputs.indices.filter { !Self.identical(outputs[$0], expected[$0]) }
        #expect(wrong.isEmpty, "\(wrong.prefix(3).map { "\(inputs[$0]) → \(outputs[$0]), not \(expected[$0])" })")
    }

    @Test func fp32IsUntouched() {
        let values: [Float] = [0.1, -0.0, .leastNonzeroMagnitude, .infinity, 16_777_215]
        #expect(DType.fp32.rounded(values).map(\.bitPattern) == values.map(\.bitPattern))
        #expect(DType.bf16.rounded(Float(1.00390625)) == 1)
        #expect(DType.fp16.rounded(Float(65520)) == .infinity)
    }
}
