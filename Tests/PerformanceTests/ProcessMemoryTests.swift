import Foundation
import Generation
import Performance
import RunRecords
import Testing

/// Peaks are the process's, and tests of other suites take and give back memory meanwhile, so what measures one has a
/// process of its own.
struct ProcessMemoryTests {
    /// Touches a block of its own pages and gives it back to the system.
    private static func touch(mebibytes: Int) throws {
        let size = mebibytes << 20
        let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0)
        let block = try #require(pages != MAP_FAILED ? pages : nil)
        for offset in stride(from: 0, to: size, by: 4096) {
            block.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self)
        }
        munmap(block, size)
    }

    @Test func thePeakRemembersWhatWasGivenBack() async {
        await #expect(processExitsWith: .success) {
            let before = try #require(ProcessMemory.currentBytes)
            try Self.touch(mebibytes: 64)
            let peak = try #require(ProcessMemory.peakBytes)
            #expect(peak >= before + 60 << 20)
        }
    }

    @Test func bytesThatNobodyCountedAreNotMeasured() throws {
        var statistics = GenerationStatistics()
        statistics.weightsBytes = 1000
        let memory = MemoryRecord(peak: PeakMemory(isFirstRun: true), statistics: statistics)
        #expect(memory.weightsBytes == 1000)
        #expect(memory.kvCachePeakBytes == nil)
        #expect(try #require(memory.peakRssBytes) > 1 << 20)
    }

    #if os(Linux)
        @Test func eachRunHasAPeakOfItsOwn() async {
            await #expect(processExitsWith: .success) {
                let first = PeakMemory(isFirstRun: true)
                try Self.touch(mebibytes: 256)
                let large = try #require(first.bytes)
                // Where the host refuses the reset, nothing may be told about a second run.
                guard ProcessMemory.resetPeak() else {
                    #expect(PeakMemory(isFirstRun: false).bytes == nil)
                    return
                }
                let second = PeakMemory(isFirstRun: false)
                try Self.touch(mebibytes: 64)
                let small = try #require(second.bytes)
                #expect(small < large - 128 << 20)
                #expect(small > 64 << 20)
            }
        }
    #endif
}
