import CKernels
import Testing

@testable import Tensors

@Suite struct PoolTests {
    @Test(arguments: [1, 2, 5, 16])
    func everyChunkRunsOnceHoweverManyThreads(threads: Int) throws {
        let pool = try ThreadPool(threads: threads)
        for chunks in [0, 1, 2, 7, 1000] {
            for _ in 0..<200 {
                let hits = UnsafeMutablePointer<UInt8>.allocate(capacity: chunks + 1)
                defer { hits.deallocate() }
                hits.initialize(repeating: 0, count: chunks + 1)
                pool.run(chunks: chunks) { chunk, worker in
                    hits[chunk] += worker < threads ? 1 : 100
                }
                #expect((0..<chunks).allSatisfy { hits[$0] == 1 })
            }
        }
    }
}
