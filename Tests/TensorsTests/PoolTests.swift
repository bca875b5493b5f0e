import Testing

@testable import Tensors

@Suite struct PoolTests {
    /// Also with many more threads than processors: every chunk once, and no call returns early.
    @Test(arguments: [1, 2, 5, 16])
    func everyChunkRunsOnceHoweverManyThreads(threads: Int) throws {
        let pool = try ThreadPool(threads: threads)
        #expect(pool.threads == threads)
        for chunks in [0, 1, 2, 7, 1000] {
            let hits = UnsafeMutablePointer<UInt8>.allocate(capacity: chunks + 1)
            defer { hits.deallocate() }
            for _ in 0..<200 {
                hits.initialize(repeating: 0, count: chunks + 1)
                pool.run(chunks: chunks) { chunk, worker in
                    hits[chunk] += worker < threads ? 1 : 100
                }
                #expect((0..<chunks).allSatisfy { hits[$0] == 1 })
            }
        }
    }

    /// Two pools at once, each as large as the machine, on threads of their own, with pauses long enough to sleep in.
    @Test func poolsShareTheMachine() async {
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    guard let pool = try? ThreadPool(threads: 8) else { return -1 }
                    let sums = UnsafeMutablePointer<Int>.allocate(capacity: 8)
                    defer { sums.deallocate() }
                    sums.initialize(repeating: 0, count: 8)
                    for round in 0..<300 {
                        pool.run(chunks: 50) { chunk, worker in sums[worker] += chunk }
                        if round % 100 == 0 { try? await Task.sleep(for: .milliseconds(2)) }
                    }
                    return (0..<8).reduce(0) { $0 + sums[$1] }
                }
            }
            for await sum in group { #expect(sum == 300 * 49 * 25) }
        }
    }
}
