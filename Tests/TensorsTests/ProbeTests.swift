import CKernels
import Testing

@testable import Tensors

/// The probes do the work they claim; how fast is nobody's test.
struct ProbeTests {
    @Test(arguments: InstructionSet.available)
    func everyByteIsRead(_ set: InstructionSet) throws {
        let pool = try ThreadPool(threads: 2)
        // More than one piece, the last one not whole.
        let bytes = (5 << 20) / 2
        let words = bytes / 8
        let buffer = UnsafeMutablePointer<UInt64>.allocate(capacity: words)
        defer { buffer.deallocate() }
        func checksum() -> UInt64 { yb_probe_read(pool.handle, set.kernelISA, buffer, bytes) }
        buffer.initialize(repeating: 0, count: words)
        #expect(checksum() == 0)
        for place in [0, 1, 12345, 1 << 17, words - 1] {
            buffer[place] = 1 << 40
            #expect(checksum() != 0, "word \(place) is not read")
            buffer[place] = 0
        }
    }

    @Test(arguments: InstructionSet.available, DType.allCases)
    func flopsAreCounted(set: InstructionSet, dtype: DType) throws {
        let (one, two) = (try ThreadPool(threads: 1), try ThreadPool(threads: 2))
        let flops = yb_probe_multiply(one.handle, set.kernelISA, dtype.kernelType, 100)
        #expect(flops > 0)
        #expect(yb_probe_multiply(one.handle, set.kernelISA, dtype.kernelType, 300) == 3 * flops)
        #expect(yb_probe_multiply(two.handle, set.kernelISA, dtype.kernelType, 100) == 2 * flops)
    }

    @Test func limitsAreNumbers() throws {
        let probe = try MachineProbe(threads: 2, bufferBytes: 4 << 20)
        #expect(probe.threads == 2)
        #expect(try probe.readBandwidth(seconds: 0) > 0)
        #expect(probe.arithmeticPeak(.bf16, seconds: 0) > 0)
        #expect(throws: TensorError.self) { try MachineProbe(threads: 0) }
    }
}
