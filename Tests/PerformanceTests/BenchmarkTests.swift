import Foundation
import Generation
import RunRecords
import Testing

@testable import Performance

/// The grid, the formulas and the doubts of `bench`, on numbers made up so that results can be told by hand.
@Suite struct BenchmarkTests {
    private let costs = ModelCosts(
        weightBytesPerStep: 1_000_000, kvBytesPerToken: 100, layerWeights: 400_000, lastOutputWeights: 60_000,
        headWeights: 100_000, attentionPerPosition: 50, layers: 5)

    @Test func theGridHasEveryCombinationAndGrowsInMemory() {
        let grid = BenchmarkPoint.grid(promptTokens: [512, 128], generatedTokens: [32], batchSizes: [8, 1, 32])
        #expect(grid.count == 6)
        #expect(grid.map(\.positions) == grid.map(\.positions).sorted())
        #expect(grid.first == BenchmarkPoint(promptTokens: 128, generatedTokens: 32, batchSize: 1))
    }

    @Test func promptsAreFixedAndDiffer() {
        let point = BenchmarkPoint(promptTokens: 200, generatedTokens: 1, batchSize: 2)
        let first = point.prompt(ofSequence: 0, vocabulary: 500)
        #expect(first.count == 200 && first.allSatisfy { (0..<500).contains($0) })
        #expect(first == point.prompt(ofSequence: 0, vocabulary: 500))
        // No beginning in common that a cache could share.
        #expect(first.prefix(4) != point.prompt(ofSequence: 1, vocabulary: 500).prefix(4))
        #expect(Set(first).count > 100)
    }

    @Test func bytesAndFlopsAreCounted() {
        let point = BenchmarkPoint(promptTokens: 10, generatedTokens: 4, batchSize: 3)
        // Steps see 11, 12 and 13 positions: 12 on average, in 3 sequences.
        #expect(costs.decodeStepBytes(point) == 1_003_600)
        #expect(costs.decodeStepFlops(point) == 3_003_600)
        // A sequence: 340,000 weights for 10 tokens, 160,000 for the last one alone; 4 layers attend 10 times each to the
        // positions 1 … 10, which sum up to 55, and the last layer to 10.
        #expect(costs.prefillFlops(point) == 3 * 2 * (3_560_000 + 2_200 + 100))
    }

    private func isClose(_ value: Double?, _ expected: Double) -> Bool {
        guard let value else { return false }
        return abs(value - expected) < 1e-6 * abs(expected)
    }

    private func sample(
        tokensPerS: Double, point: BenchmarkPoint, limits: MachineLimits?
    ) -> BenchmarkSample {
        var earlier = GenerationStatistics()
        earlier.promptTokens = 1000
        earlier.decodedTokens = 7
        earlier.prefillSeconds = 1
        earlier.decodeSeconds = 1
        var later = earlier
        later.promptTokens += point.batchSize * point.promptTokens
        later.decodedTokens += point.batchSize * (point.generatedTokens - 1)
        later.prefillSeconds += 0.5
        later.decodeSeconds += Double(point.batchSize * (point.generatedTokens - 1)) / tokensPerS
        later.wallSeconds = 2
        return BenchmarkSample(
            point: point, costs: costs, statistics: later, since: earlier,
            timings: [SequenceTiming(timeToFirstToken: 0.5, interToken: [0.1, 0.2, 0.3])], limits: limits)
    }

    /// PRODUCT's formula: (weights + KV bytes read a step) × steps/s ÷ the best probe.
    @Test func sharesAreOfTheBestProbe() throws {
        let point = BenchmarkPoint(promptTokens: 10, generatedTokens: 4, batchSize: 3)
        let before = MachineLimits(readBytesPerS: 1e9, flopsPerS: 4e9)
        let limits = before.best(with: MachineLimits(readBytesPerS: 2e9, flopsPerS: 3e9))
        #expect(limits == MachineLimits(readBytesPerS: 2e9, flopsPerS: 4e9))
        let sample = sample(tokensPerS: 300, point: point, limits: limits)
        #expect(isClose(sample.decodeTokensPerS, 300))
        #expect(sample.prefillTokensPerS == 60)
        // 300 tokens/s of three sequences are 100 steps/s.
        #expect(isClose(sample.bandwidthShare, 0.05018))
        #expect(isClose(sample.computeShare, 0.07509))
        #expect(isClose(sample.prefillComputeShare, 0.010_686_9))
        #expect(sample.ttftS?.p50 == 0.5 && sample.interTokenS?.p50 == 0.2)
    }

    @Test func withoutADecodeStepThereIsNoRate() {
        let one = BenchmarkPoint(promptTokens: 10, generatedTokens: 1, batchSize: 3)
        let sample = sample(tokensPerS: 300, point: one, limits: MachineLimits(readBytesPerS: 1, flopsPerS: 1))
        #expect(sample.decodeTokensPerS == nil && sample.bandwidthShare == nil && sample.computeShare == nil)
        #expect(sample.prefillTokensPerS == 60)
        let unprobed = self.sample(tokensPerS: 300, point: one, limits: nil)
        #expect(unprobed.readBytesPerS == nil && unprobed.prefillComputeShare == nil)
    }

    private func record(_ rates: [Double], _ change: (inout BenchmarkSample) -> Void = { _ in }) -> BenchmarkRecord {
        BenchmarkRecord(
            model: ModelRecord(name: "m"), dtype: "bf16", kernels: "auto", threads: 2, batchSize: 1, promptTokens: 8,
            generatedTokens: 8, warmup: 1, speculation: false,
            samples: rates.map {
                var sample = BenchmarkSample(wallS: 1)
                sample.decodeS = 0.5
                sample.decodeTokensPerS = $0
                sample.readBytesPerS = 40e9
                change(&sample)
                return sample
            })
    }

    @Test func mediansAndSpreadsAreOfTheRepetitions() throws {
        let record = record([10, 40, 20, 30, 50])
        #expect(record.decodeTokensPerS == 30 && record.prefillTokensPerS == nil && record.repetitions == 5)
        let spread = try #require(record.decodeSpread)
        #expect(spread.min == 10 && spread.max == 50 && spread.iqr == 20 && record.prefillSpread == nil)
    }

    @Test func aQuietRunRaisesNoDoubt() {
        #expect(BenchmarkDoubts.warnings(record([10, 10.1, 9.9, 10, 10.05]), cores: 2) == [])
        // Far by the deviation, but within a twentieth of the median.
        #expect(BenchmarkDoubts.warnings(record([10, 10, 10, 10, 10.4]), cores: 2) == [])
    }

    @Test func everyDoubtNamesCauseAndRemedy() {
        func doubts(_ record: BenchmarkRecord, governor: String? = nil, cores: Int = 2) -> [String] {
            BenchmarkDoubts.warnings(record, governor: governor, cores: cores).map { $0.cause + " | " + $0.remedy }
        }
        func expect(_ found: [String], _ words: String...) {
            #expect(found.count == 1 && words.allSatisfy { found[0].contains($0) }, "\(found)")
        }
        expect(doubts(record([10, 10.1, 7, 10, 10.05])), "1 of 5 repetitions of decode", "7.0", "--repetitions")
        expect(doubts(record([10])), "1 repetition cannot", "--repetitions")
        expect(doubts(record([8, 10, 10.1])), "first repetition", "--warmup (it is 1)")
        let steady: [Double] = [10, 10.1, 9.9, 10, 10.05]
        expect(doubts(record(steady) { $0.stealShare = 0.07 }), "hypervisor", "7 %")
        expect(doubts(record(steady) { $0.otherLoadShare = 0.3 }), "other processes", "30 %", "top")
        expect(doubts(record(steady) { $0.decodeS = 0.001 }), "20 ms", "--generate-tokens")
        expect(doubts(record(steady), governor: "powersave"), "powersave", "performance")
        expect(doubts(record(steady), cores: 1), "2 threads share 1 cores", "--threads 1")
        var bandwidth: [Double] = [40e9, 75e9, 76e9, 74e9, 41e9]
        expect(doubts(record(steady) { $0.readBytesPerS = bandwidth.removeLast() }), "40 and 76 GB/s", "shares")
    }

    @Test func loadIsReadFromTheKernelsCounters() throws {
        let first = "cpu  100 0 50 800 20 0 10 20 0 0\ncpu0 1 2 3\nintr 5"
        let second = "cpu  260 0 90 1000 20 0 10 40 0 0"
        let earlier = try #require(MachineLoad.parse(first, ticksPerSecond: 100, own: 1))
        let later = try #require(MachineLoad.parse(second, ticksPerSecond: 100, own: 2.5))
        #expect(isClose(earlier.totalS, 10) && isClose(earlier.idleS, 8.2))
        let shares = try #require(later.shares(since: earlier))
        // 4.2 s in all: 2 idle, 0.2 stolen, 1.5 our own, 0.5 of others.
        #expect(isClose(shares.steal, 0.047_619_047_6) && isClose(shares.others, 0.119_047_619))
        #expect(later.shares(since: later) == nil)
        #expect(MachineLoad.parse("cpu 1 2 3", ticksPerSecond: 100, own: 0) == nil)
        #expect(MachineLoad.parse("", ticksPerSecond: 100, own: 0) == nil)
    }

    @Test func energyIsOfPackagesAndSurvivesAWrap() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("rapl-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        func zone(_ folder: String, _ files: [String: String]) throws {
            let place = root.appendingPathComponent(folder)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for (name, text) in files {
                try Data((text + "\n").utf8).write(to: place.appendingPathComponent(name))
            }
        }
        #expect(EnergyCounter(root: root.path) == nil)
        try zone("intel-rapl:0", ["name": "package-0", "energy_uj": "5000000", "max_energy_range_uj": "9000000"])
        try zone("intel-rapl:0:0", ["name": "core", "energy_uj": "1", "max_energy_range_uj": "9"])
        try zone("intel-rapl:1", ["name": "psys", "energy_uj": "1", "max_energy_range_uj": "9"])
        let counter = try #require(EnergyCounter(root: root.path))
        let before = try #require(counter.read())
        #expect(before == [5_000_000])
        #expect(counter.joules(from: before, to: [7_500_000]) == 2.5)
        #expect(counter.joules(from: before, to: [1_000_000]) == 5)
        #expect(counter.joules(from: before, to: []) == nil)
    }
}
