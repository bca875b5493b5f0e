/// Which part of a problem set a run did: problems `index`, `index + count`, `index + 2 × count` … of the selection.
package struct ShardRecord: Codable, Sendable, Equatable {
    /// From 1 to `count`.
    package var index: Int
    package var count: Int
    /// Problems of all shards together.
    package var problems: Int
    /// SHA-256 of the problems of all shards, as an undivided run has it in `dataset.sha256`.
    package var sha256: String

    package init(index: Int, count: Int, problems: Int, sha256: String) {
        self.index = index
        self.count = count
        self.problems = problems
        self.sha256 = sha256
    }

    /// "2/4", as `--shard` takes it.
    package var name: String { "\(index)/\(count)" }

    /// How many problems fall to this shard.
    package var share: Int { (problems - index + count) / count }

    /// Whether reading the file gave numbers that can be a part of something.
    var isSound: Bool {
        (1...1_000_000).contains(count) && (1...count).contains(index) && (count...100_000_000).contains(problems)
    }
}

/// One shard of a joined run: where it ran, and how fast.
package struct ShardPart: Codable, Sendable, Equatable {
    package var index: Int
    package var cpu: String
    package var threads: Int?
    package var throughput: ThroughputRecord?
    package var memory: MemoryRecord?

    package init(index: Int, cpu: String, threads: Int?, throughput: ThroughputRecord?, memory: MemoryRecord?) {
        self.index = index
        self.cpu = cpu
        self.threads = threads
        self.throughput = throughput
        self.memory = memory
    }
}
