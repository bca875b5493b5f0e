import CKernels
import Foundation
import Tensors
import Testing

/// Alone in its suite, serialized: it counts what the whole process has mapped.
@Suite(.serialized) struct LargeBuffersTests {
    /// More than all other tests map together (models of 2 GB were seen), so that theirs do not hide it; never written.
    private static let bytes = 4 << 30

    @Test func settlingWaitsForABufferThatAnotherThreadHolds() async throws {
        let buffer = try #require(yb_map(Self.bytes))
        let address = UInt(bitPattern: buffer)
        #expect(LargeBuffers.mappedBytes >= Self.bytes)
        // A thread of its own, as an engine's: a task could wait longer for its turn among other tests than patience lasts.
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: 0.2)
            yb_unmap(UnsafeMutableRawPointer(bitPattern: address), Self.bytes)
        }
        await LargeBuffers.settle(at: Self.bytes - 1, patience: 60)
        #expect(LargeBuffers.mappedBytes < Self.bytes)
    }

    @Test func patienceEnds() async throws {
        let buffer = try #require(yb_map(Self.bytes))
        defer { yb_unmap(buffer, Self.bytes) }
        await LargeBuffers.settle(at: 0, patience: 0.02)
        #expect(LargeBuffers.mappedBytes >= Self.bytes)
    }
}
