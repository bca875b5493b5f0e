import CKernels
import Synchronization
import Tensors
import Testing

/// Alone in its suite, serialized: it counts what the whole process has mapped.
@Suite(.serialized) struct LargeBuffersTests {
    /// More than all other tests map together (models of 2 GB were seen), so that theirs do not hide it; never written.
    private static let bytes = 4 << 30

    @Test func settlingWaitsForABufferThatAnotherThreadHolds() async throws {
        let buffer = try #require(yb_map(Self.bytes))
        let address = UInt(bitPattern: buffer)
        let isGone = Atomic(false)
        #expect(LargeBuffers.mappedBytes >= Self.bytes)
        async let release: Void = {
            try? await Task.sleep(for: .milliseconds(200))
            isGone.store(true, ordering: .sequentiallyConsistent)
            yb_unmap(UnsafeMutableRawPointer(bitPattern: address), Self.bytes)
        }()
        await LargeBuffers.settle(at: Self.bytes - 1, patience: 60)
        let wasGone = isGone.load(ordering: .sequentiallyConsistent)
        await release
        #expect(wasGone)
        #expect(LargeBuffers.mappedBytes < Self.bytes)
    }

    @Test func patienceEnds() async throws {
        let buffer = try #require(yb_map(Self.bytes))
        defer { yb_unmap(buffer, Self.bytes) }
        await LargeBuffers.settle(at: 0, patience: 0.02)
        #expect(LargeBuffers.mappedBytes >= Self.bytes)
    }
}
