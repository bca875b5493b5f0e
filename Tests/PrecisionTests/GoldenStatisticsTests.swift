import Foundation
import RunRecords
import TestSupport
import Testing

@testable import Precision

/// The statistics, fed the golden logits of three dtypes, against numpy: `Tests/Fixtures/precision/make_expected.py`.
struct GoldenStatisticsTests {
    struct Expected: Decodable, Sendable, CustomTestStringConvertible {
        struct Side: Decodable, Sendable {
            let perplexity, entropy: Double
            let top1: [Int]
            let margins: [Double]
        }
        struct Pair: Decodable, Sendable {
            let top1Agreement, meanKl, klP90, maxKl, meanError, maxError, errorP999: Double
        }
        let model, prompt: String
        let sides: [String: Side]
        let pairs: [String: Pair]
        let firstDivergence: [String: Int?]
        var testDescription: String { "\(model) \(prompt)" }

        static var all: [Expected] {
            let data = try? Data(contentsOf: Fixtures.url("precision/golden_statistics.json"))
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return data.flatMap { try? decoder.decode([Expected].self, from: $0) } ?? []
        }
    }

    struct Recorded: Decodable {
        struct Greedy: Decodable { let cached: [Int] }
        let prompts: [String: [Int]]
        let greedy: [String: Greedy]
    }

    private static let dtypes = ["f32", "bf16", "f16"]
    private static let pairs = [(a: 0, b: 1), (a: 0, b: 2), (a: 1, b: 2)]

    private func recorded(_ model: String) throws -> Recorded {
        try JSONDecoder().decode(
            Recorded.self, from: Data(contentsOf: Fixtures.url("golden/\(model)_tiny_greedy.json")))
    }

    /// All positions but the last, in panels of `width` ids and blocks of `block` positions.
    private func comparison(_ expected: Expected, width: Int, block: Int) throws -> (LogitComparison, vocabulary: Int) {
        let prompt = try #require(recorded(expected.model).prompts[expected.prompt])
        let tensors = try SafetensorsFile.floats(Fixtures.url("golden/\(expected.model)_tiny_logits.safetensors"))
        let logits = try Self.dtypes.map { try #require(tensors["\($0).logits.\(expected.prompt)"]) }
        let (rows, vocabulary) = (prompt.count - 1, logits[0].count / prompt.count)
        let comparison = LogitComparison(
            targets: prompt.dropFirst().map { $0 }, sides: 3, pairs: Self.pairs,
            counted: Self.pairs.map { _ in Array(repeating: true, count: rows) })
        for start in stride(from: 0, to: vocabulary, by: width) {
            let count = min(width, vocabulary - start)
            for first in stride(from: 0, to: rows, by: block) {
                let taken = min(block, rows - first)
                let panels = logits.map { all in
                    (first..<first + taken).flatMap { row in
                        all[row * vocabulary + start..<row * vocabulary + start + count]
                    }
                }
                panels[0].withUnsafeBufferPointer { x in
                    panels[1].withUnsafeBufferPointer { y in
                        panels[2].withUnsafeBufferPointer { z in
                            comparison.add(
                                first: first, rows: taken, firstID: start, width: count, logits: [x, y, z])
                        }
                    }
                }
            }
        }
        return (comparison, vocabulary)
    }

    private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
        abs(a - b) <= tolerance * max(1e-6, abs(b))
    }

    @Test func theFixtureIsThere() { #expect(Expected.all.count == 9) }

    @Test(arguments: Expected.all, [(96, 7), (1000, 1000)])
    func statisticsAgreeWithNumpy(expected: Expected, cut: (width: Int, block: Int)) throws {
        let (comparison, vocabulary) = try comparison(expected, width: cut.width, block: cut.block)
        let positions = 0..<comparison.positions
        for (index, dtype) in Self.dtypes.enumerated() {
            let side = try #require(expected.sides[dtype])
            let states = positions.map { comparison.side(index, at: $0) }
            #expect(states.map(\.top.id) == side.top1)
            for (state, margin) in zip(states, side.margins) { #expect(isClose(try #require(state.margin), margin)) }
            #expect(isClose(states.reduce(0) { $0 + $1.entropy } / Double(states.count), side.entropy))
            let logs = states.compactMap(\.targetLogProbability)
            #expect(logs.count == states.count)
            #expect(isClose(exp(-logs.reduce(0, +) / Double(logs.count)), side.perplexity))
        }
        for (index, pair) in Self.pairs.enumerated() {
            let wanted = try #require(expected.pairs["\(Self.dtypes[pair.a]),\(Self.dtypes[pair.b])"])
            let kl = try #require(DistributionRecord(of: positions.compactMap { comparison.divergence(index, at: $0) }))
            #expect(
                isClose(kl.mean, wanted.meanKl) && isClose(kl.p90, wanted.klP90) && isClose(kl.max, wanted.maxKl))
            let errors = positions.map { comparison.pair(index, at: $0) }
            let mean = errors.reduce(0) { $0 + $1.errorSum } / Double(errors.count * vocabulary)
            // Errors are kept in single precision.
            #expect(isClose(mean, wanted.meanError, 1e-6))
            #expect(isClose(Double(errors.map(\.maxError).max() ?? 0), wanted.maxError, 1e-6))
            let p999 = try #require(comparison.histogram(index).quantile(0.999))
            #expect(p999 >= wanted.errorP999 * (1 - 1e-6) && p999 <= wanted.errorP999 * (1 + 1.0 / 127))
            let same = positions.count {
                comparison.side(pair.a, at: $0).top.id == comparison.side(pair.b, at: $0).top.id
            }
            #expect(isClose(Double(same) / Double(positions.count), wanted.top1Agreement))
        }
    }

    @Test(arguments: Expected.all)
    func firstDivergencesAgree(expected: Expected) throws {
        let greedy = try recorded(expected.model).greedy
        func record(_ dtype: String) throws -> ProblemRecord {
            ProblemRecord(
                id: "x", verdict: "skipped", detail: "", extracted: "", completion: "", extraction: "none",
                tokens: try #require(greedy["\(dtype).\(expected.prompt)"]).cached)
        }
        for (name, index) in expected.firstDivergence {
            let sides = name.split(separator: ",").map(String.init)
            let pair = PairedRuns.Pair(a: try record(sides[0]), b: try record(sides[1]))
            #expect(pair.firstDivergence == index)
            #expect(pair.isIdentical == (index == nil))
        }
    }

    @Test func equalLogitsDivergeByNothing() {
        let logits: [Float] = (0..<5000).map { Float(sin(Double($0)) * 30) }
        let comparison = LogitComparison(targets: [3], sides: 2, pairs: [(a: 0, b: 1)], counted: [[true]])
        logits.withUnsafeBufferPointer {
            comparison.add(first: 0, rows: 1, firstID: 0, width: logits.count, logits: [$0, $0])
        }
        #expect(comparison.divergence(0, at: 0) == 0)
        #expect(comparison.histogram(0).quantile(0.999) == 0)
    }

    @Test func whatIsNotFiniteIsCountedAndLeftOut() {
        let (a, b): ([Float], [Float]) = ([1, .infinity, 2, .nan], [1, 2, 3, 4])
        let comparison = LogitComparison(targets: [2], sides: 2, pairs: [(a: 0, b: 1)], counted: [[true]])
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                comparison.add(first: 0, rows: 1, firstID: 0, width: 4, logits: [a, b])
            }
        }
        #expect(comparison.side(0, at: 0).nonFinite == 2)
        #expect(comparison.side(0, at: 0).top.id == 1)
        #expect(comparison.side(0, at: 0).margin == nil)
        #expect(comparison.side(0, at: 0).targetLogProbability == nil)
        #expect(comparison.divergence(0, at: 0) == nil)
        #expect(comparison.side(1, at: 0).margin == 1)
        #expect(comparison.histogram(0).count == 2)
    }

    @Test func hiddenStatesAreCounted() {
        var numbers = HiddenNumbers()
        let values: [Float] = [1, -65504, .infinity, -.infinity, .nan, 65504, 3]
        values.withUnsafeBufferPointer { numbers.add($0, dtype: .fp16) }
        #expect((numbers.infinities, numbers.nans, numbers.saturated, numbers.maxAbs) == (2, 1, 2, 65504))
        var ordinary = HiddenNumbers()
        [1 as Float, -2].withUnsafeBufferPointer { ordinary.add($0, dtype: .fp16) }
        #expect((ordinary.infinities, ordinary.nans, ordinary.saturated, ordinary.maxAbs) == (0, 0, 0, 2))
    }

    @Test func relativeErrorsOfHiddenStates() {
        #expect(LayerErrors.relativeError([3, 4], [3, 4]) == 0)
        #expect(LayerErrors.relativeError([0, 0], [0, 0]) == 0)
        #expect(abs(LayerErrors.relativeError([3, 4], [3, 4.5]) - 0.1) < 1e-12)
        #expect(LayerErrors.relativeError([0, 0], [1, 0]) == .infinity)
    }
}

/// Reads a fixture's F32 tensors without the reader of checkpoints.
enum SafetensorsFile {
    static func floats(_ url: URL) throws -> [String: [Float]] {
        let data = try Data(contentsOf: url)
        let length = Int(data.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: Any] ?? [:]
        var tensors: [String: [Float]] = [:]
        for case (let name, let entry as [String: Any]) in header {
            guard let span = entry["data_offsets"] as? [Int] else { continue }
            tensors[name] = data[(8 + length + span[0])..<(8 + length + span[1])].withUnsafeBytes { raw in
                (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            }
        }
        return tensors
    }
}
