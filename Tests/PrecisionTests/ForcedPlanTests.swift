import Tensors
import Testing

@testable import Precision

struct ForcedPlanTests {
    private let pairs: [(a: DType, b: DType)] = [(.fp32, .bf16), (.fp32, .fp16), (.bf16, .fp16)]

    private func problem(_ fp32: [Int], _ bf16: [Int], _ fp16: [Int]) -> StudyProblem {
        StudyProblem(id: "x", sample: 0, prompt: [9, 8], tokens: [.fp32: fp32, .bf16: bf16, .fp16: fp16])
    }

    @Test func everyPositionOfThePathIsSampled() {
        let plan = ForcedPlan([problem([1, 2, 3], [1, 2, 3], [1, 2, 3])], path: .fp32, pairs: pairs, limit: 100)
        #expect(plan.sequences.count == 1 && plan.total == 3)
        #expect(plan.positions.map(\.index) == [0, 1, 2])
        #expect(plan.positions.map(\.target) == [1, 2, 3])
        #expect(plan.positions.allSatisfy { $0.isSampled })
        #expect(plan.partings == [[nil], [nil], [nil]])
    }

    /// bf16 and fp16 part at 2, after both left the path at 1: that takes a sequence of its own.
    @Test func aPartingOffThePathHasItsOwnSequence() throws {
        let plan = ForcedPlan(
            [problem([1, 2, 3, 4], [1, 7, 5, 5], [1, 7, 6, 6])], path: .fp32, pairs: pairs, limit: 100)
        #expect(plan.sequences.map(\.path) == [[1, 2, 3, 4], [1, 7]])
        #expect(plan.sequences[1].wanted == [2])
        let rows = plan.partings.map { $0[0] }
        #expect(rows == [1, 1, 4])
        #expect(plan.positions[4].isSampled == false && plan.positions[4].target == nil)
    }

    @Test func aLimitSpreadsPositionsAndKeepsPartings() {
        let long = Array(0..<100)
        var other = long
        other[50] = 777
        let plan = ForcedPlan([problem(long, other, long)], path: .fp32, pairs: pairs, limit: 10)
        #expect(plan.positions.count { $0.isSampled } == 10)
        #expect(plan.total == 100)
        let row = plan.partings[0][0]
        #expect(row.map { plan.positions[$0].index } == 50)
        let none = ForcedPlan([problem(long, long, long)], path: .fp32, pairs: pairs, limit: 0)
        #expect(none.sequences.isEmpty && none.positions.isEmpty)
    }

    /// One side ended where the other goes on: the step is the end of the shorter.
    @Test func anEndIsAPartingToo() {
        let plan = ForcedPlan([problem([1, 2], [1, 2, 3], [1, 2])], path: .fp32, pairs: pairs, limit: 100)
        #expect(plan.partings[0][0].map { plan.positions[$0].index } == 2)
        #expect(plan.partings[1][0] == nil)
    }
}
