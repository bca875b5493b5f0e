/// How many sequences run side by side when that is left to the program.
package struct BatchSizing: Sendable, Equatable, CustomStringConvertible {
    /// Beyond this a step of a batch costs as much more as it does more (`Benchmarks/`).
    package static let most = 96
    /// Where the host does not tell how much memory is free.
    private static let withoutKnowledge = 32

    package let size: Int
    /// Key-value cache the longest of the requests can need.
    package let bytesPerSequence: Int
    /// Memory that was free when this was decided; nil if unknown.
    package let availableBytes: Int?

    /// A quarter of the free memory stays free, for activations and for the tests of answers.
    package init(requests: Int, bytesPerSequence: Int, availableBytes: Int?) {
        let fitting = availableBytes.map { $0 / 4 * 3 / max(1, bytesPerSequence) } ?? Self.withoutKnowledge
        size = max(1, min(fitting, Self.most, requests))
        self.bytesPerSequence = bytesPerSequence
        self.availableBytes = availableBytes
    }

    package var description: String {
        let cache = "a sequence needs at most \(mebibytes(bytesPerSequence)) MiB of cache"
        let free = availableBytes.map { "\(mebibytes($0)) MiB are free" } ?? "free memory is unknown"
        return "batch size \(size) (auto: \(cache), \(free))"
    }

    private func mebibytes(_ bytes: Int) -> Int { (bytes + (1 << 20) - 1) >> 20 }
}
