import Testing

@testable import Execution

@Suite struct WorkerSlotsTests {
    private actor Counter {
        var running = 0
        var most = 0
        var disturbed = 0

        func enter() {
            running += 1
            most = max(most, running)
        }

        func leave(alone: Bool) {
            if alone, running != 1 { disturbed += 1 }
            running -= 1
        }
    }

    /// While one has its place alone nobody else has any; before and after, all places are used at once.
    @Test func aloneMeansAlone() async {
        let slots = WorkerSlots(count: 3)
        let counter = Counter()
        await withDiscardingTaskGroup { group in
            for index in 0..<60 {
                group.addTask {
                    let alone = index % 10 == 0
                    let slot = alone ? await slots.acquireAlone() : await slots.acquire()
                    await counter.enter()
                    try? await Task.sleep(for: .milliseconds(2))
                    await counter.leave(alone: alone)
                    await slots.release(slot)
                }
            }
        }
        #expect(await counter.disturbed == 0)
        #expect(await counter.most == 3)
        #expect(await counter.running == 0)
    }
}
