import Foundation
import Synchronization

/// Logits of several dtypes at many positions, compared while they stream by in panels of the vocabulary: what is kept is
/// a few numbers a position.
package final class LogitComparison: @unchecked Sendable {
    package let positions: Int
    package let sideCount: Int
    /// Indices of the sides of each pair.
    package let pairs: [(a: Int, b: Int)]
    private let targets: [Int?]
    /// For each pair, whether a position counts in its histogram.
    private let counted: [[Bool]]
    /// `[positions, sides]` and `[positions, pairs]`; positions are written by one thread each.
    private let sides: UnsafeMutablePointer<SideState>
    private let pairStates: UnsafeMutablePointer<PairState>
    private let histograms: Mutex<[ErrorHistogram]>

    /// - Parameters:
    ///   - targets: the token that follows each position on the forced path; nil where there is none.
    ///   - counted: for each pair, the positions whose errors go into its histogram.
    package init(targets: [Int?], sides count: Int, pairs: [(a: Int, b: Int)], counted: [[Bool]]) {
        precondition(counted.count == pairs.count && counted.allSatisfy { $0.count == targets.count })
        positions = targets.count
        sideCount = count
        self.pairs = pairs
        self.targets = targets
        self.counted = counted
        sides = .allocate(capacity: max(1, positions * count))
        sides.initialize(repeating: SideState(), count: positions * count)
        pairStates = .allocate(capacity: max(1, positions * pairs.count))
        pairStates.initialize(repeating: PairState(), count: positions * pairs.count)
        histograms = Mutex(Array(repeating: ErrorHistogram(), count: pairs.count))
    }

    deinit {
        sides.deallocate()
        pairStates.deallocate()
    }

    /// Takes the logits of ids firstID ..< firstID + width at positions first ..< first + rows.
    ///
    /// Panels of one position come in ascending order of ids.
    /// - Parameter logits: for each side `[rows, width]`.
    package func add(first: Int, rows: Int, firstID: Int, width: Int, logits: [UnsafeBufferPointer<Float>]) {
        precondition(logits.count == sideCount && first >= 0 && first + rows <= positions)
        precondition(logits.allSatisfy { $0.count >= rows * width })
        let workers = min(rows, max(1, ProcessInfo.processInfo.activeProcessorCount))
        nonisolated(unsafe) let logits = logits
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            let weights = UnsafeMutableBufferPointer<Double>.allocate(capacity: width * sideCount)
            defer { weights.deallocate() }
            var local = Array(repeating: ErrorHistogram(), count: pairs.count)
            for row in stride(from: worker, to: rows, by: workers) {
                addRow(first + row, row, firstID, width, logits, weights, &local)
            }
            histograms.withLock { all in
                for index in all.indices where local[index].count > 0 { all[index].add(local[index]) }
            }
        }
    }

    private func addRow(
        _ position: Int, _ row: Int, _ firstID: Int, _ width: Int, _ logits: [UnsafeBufferPointer<Float>],
        _ weights: UnsafeMutableBufferPointer<Double>, _ local: inout [ErrorHistogram]
    ) {
        func values(_ side: Int) -> UnsafeBufferPointer<Float> {
            UnsafeBufferPointer(rebasing: logits[side][row * width..<(row + 1) * width])
        }
        func weight(_ side: Int) -> UnsafeMutableBufferPointer<Double> {
            UnsafeMutableBufferPointer(rebasing: weights[side * width..<(side + 1) * width])
        }
        var shrinks = [Double](repeating: 1, count: sideCount)
        for side in 0..<sideCount {
            shrinks[side] = sides[position * sideCount + side].add(
                values(side), firstID: firstID, target: targets[position], weights: weight(side))
        }
        for (index, pair) in pairs.enumerated() {
            pairStates[position * pairs.count + index].add(
                values(pair.a), values(pair.b), weights: weight(pair.a), shrink: shrinks[pair.a],
                histogram: &local[index], isCounted: counted[index][position])
        }
    }

    package func side(_ side: Int, at position: Int) -> SideState {
        precondition((0..<sideCount).contains(side) && (0..<positions).contains(position))
        return sides[position * sideCount + side]
    }

    package func pair(_ pair: Int, at position: Int) -> PairState {
        precondition(pairs.indices.contains(pair) && (0..<positions).contains(position))
        return pairStates[position * pairs.count + pair]
    }

    /// KL(a ‖ b) of a pair at a position, in nats; nil where a logit was not finite.
    package func divergence(_ index: Int, at position: Int) -> Double? {
        pair(index, at: position).divergence(side(pairs[index].a, at: position), side(pairs[index].b, at: position))
    }

    package func histogram(_ pair: Int) -> ErrorHistogram { histograms.withLock { $0[pair] } }
}
