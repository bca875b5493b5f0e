import Foundation
import Testing

@testable import Tensors

/// Drawing from logits, against a slow reference that sorts every value and looks every probability up.
@Suite struct DrawingTests {
    static let width = 9001

    /// The ids that may be drawn, highest first, and their probabilities.
    private func reference(_ logits: [Float], temperature: Double, topK: Int?, topP: Double?) -> [(id: Int, p: Double)]
    {
        let order = logits.indices.filter { logits[$0] > -.infinity }.sorted {
            logits[$0] == logits[$1] ? $0 < $1 : logits[$0] > logits[$1]
        }
        let left = order.prefix(topK ?? order.count)
        guard let first = left.first else { return [] }
        let weights = left.map { exp((Double(logits[$0]) - Double(logits[first])) / temperature) }
        let total = weights.reduce(0, +)
        var (kept, sum): ([(id: Int, p: Double)], Double) = ([], 0)
        for (id, weight) in zip(left, weights) {
            kept.append((id, weight))
            sum += weight
            if let topP, sum >= topP * total { break }
        }
        return kept.map { ($0.id, $0.p / sum) }
    }

    private func draw(
        _ count: Int, from logits: [Float], temperature: Double = 1, topK: Int? = nil, topP: Double? = nil,
        threads: Int = 2
    ) throws -> [Int] {
        let backend = try Backend(dtype: .fp32, threads: threads)
        let rows = Activations(width: logits.count, rows: 3)
        rows.setRow(1, logits)
        let highest = backend.topK(1, row: 1, of: rows).top[0].logit
        let draws = (0..<count).map { index in
            // Evenly spread points: the shares of ids are then within one draw of their probabilities.
            RowDraw(
                row: 1, highest: highest, temperature: temperature, topK: topK, topP: topP,
                uniform: (Double(index) + 0.5) / Double(count))
        }
        return backend.draw(draws, from: rows)
    }

    struct Cut: CustomTestStringConvertible {
        var temperature = 1.0
        var topK: Int?
        var topP: Double?
        var testDescription: String {
            "temperature \(temperature), top-k \(topK.map(String.init) ?? "all"), top-p \(topP ?? 1)"
        }
    }

    static let cuts = [
        Cut(), Cut(temperature: 0.2), Cut(temperature: 5), Cut(topK: 5), Cut(temperature: 3, topK: 700),
        Cut(topP: 0.5), Cut(temperature: 2, topP: 0.9), Cut(temperature: 50, topP: 0.99), Cut(topP: 1),
        Cut(topK: 20, topP: 0.6), Cut(temperature: 0.7, topK: 9001), Cut(temperature: 4, topK: 20_000, topP: 0.3),
        Cut(temperature: 2, topP: 1 - 1e-16),
    ]

    @Test(arguments: cuts)
    func sharesAreTheProbabilities(cut: Cut) throws {
        // bf16 values, so that many are equal.
        let logits = DType.bf16.rounded((0..<Self.width).map { noise($0, seed: 5) * 9 })
        let expected = reference(logits, temperature: cut.temperature, topK: cut.topK, topP: cut.topP)
        let count = 3000
        let drawn = try draw(
            count, from: logits, temperature: cut.temperature, topK: cut.topK, topP: cut.topP)
        var counts: [Int: Int] = [:]
        for id in drawn { counts[id, default: 0] += 1 }
        let possible = Dictionary(uniqueKeysWithValues: expected.map { ($0.id, $0.p) })
        #expect(drawn.allSatisfy { possible[$0] != nil }, "only what the cut leaves")
        let wrong = possible.filter { abs(Double(counts[$0.key] ?? 0) - $0.value * Double(count)) > 1.001 }
        #expect(wrong.isEmpty)
        let alone = try draw(
            count, from: logits, temperature: cut.temperature, topK: cut.topK, topP: cut.topP, threads: 1)
        #expect(alone == drawn, "at any number of threads")
    }

    @Test func edges() throws {
        let logits: [Float] = [1, 3, 3, -.infinity, 2, .nan, -90]
        // The lowest of equals stays where only one may.
        #expect(Set(try draw(50, from: logits, topK: 1)) == [1])
        #expect(Set(try draw(50, from: logits, topP: 1e-9)) == [1])
        #expect(Set(try draw(50, from: logits, temperature: 1e-3)) == [1, 2])
        #expect(Set(try draw(50, from: logits, temperature: 1e-3, topK: 2, topP: 0.5)) == [1])
        #expect(Set(try draw(500, from: logits, temperature: 3)) == [0, 1, 2, 4], "−90 has no share worth a draw")
        #expect(Set(try draw(500, from: logits, temperature: 1e6)) == [0, 1, 2, 4, 6], "never NaN or −∞")
        #expect(Set(try draw(500, from: logits, temperature: 1e6, topK: 100, topP: 1)) == [0, 1, 2, 4, 6])
        #expect(Set(try draw(500, from: logits, temperature: 1e6, topP: 0.999)) == [0, 1, 2, 4, 6])
        // Evenly spread: the fewest that reach the half.
        #expect(Set(try draw(500, from: [Float](repeating: 7, count: 10), topP: 0.5)) == [0, 1, 2, 3, 4])
        #expect(try draw(3, from: [-.infinity, 5, .nan]) == [1, 1, 1])
    }

    @Test func theLastPointHasSomething() throws {
        let backend = try Backend(dtype: .fp32, threads: 1)
        let rows = Activations(width: Self.width, rows: 1)
        // Weight only at the beginning; rounding must not let the last point fall behind it.
        rows.setRow(0, (0..<Self.width).map { $0 < 5000 ? noise($0) : -1e30 })
        let highest = backend.topK(1, row: 0, of: rows).top[0].logit
        for uniform in [0, 1 - 0x1p-53] {
            for (topK, topP) in [(nil, nil), (9000, nil), (nil, 0.9999999999)] as [(Int?, Double?)] {
                let draw = RowDraw(
                    row: 0, highest: highest, temperature: 1, topK: topK, topP: topP, uniform: uniform)
                #expect(backend.draw([draw], from: rows)[0] < 5000)
            }
        }
    }

    @Test func logNormalizers() throws {
        let backend = try Backend(dtype: .fp32, threads: 2)
        let rows = Activations(width: Self.width, rows: 2)
        rows.setRow(1, (0..<Self.width).map { $0 % 100 == 3 ? -.infinity : 80 + noise($0) * 30 })
        let highest = backend.topK(1, row: 1, of: rows).top[0].logit
        let values = rows.row(1).map(Double.init)
        let expected = log(values.sorted().reduce(0) { $0 + exp($1 - 100) }) + 100
        let found = backend.logNormalizers(rows: [1, 0], highest: [highest, 0], of: rows)
        #expect(abs(found[0] - expected) < 1e-12 * expected)
        #expect(abs(found[1] - log(Double(Self.width))) < 1e-12)
    }
}
