import Generation
import Performance
import RunRecords
import Testing

@Suite struct GenerationMeasurementsTests {
    private var statistics: GenerationStatistics {
        var statistics = GenerationStatistics()
        statistics.promptTokens = 600
        statistics.generatedTokens = 210
        statistics.decodedTokens = 200
        statistics.prefillSeconds = 3
        statistics.decodeSeconds = 8
        statistics.wallSeconds = 11.5
        return statistics
    }

    @Test func ratesAreTokensOverTheirOwnTime() {
        let timings = [
            SequenceTiming(timeToFirstToken: 0.1, interToken: [0.01, 0.03]),
            SequenceTiming(timeToFirstToken: 0.3, interToken: [0.02]),
        ]
        let record = ThroughputRecord(statistics: statistics, timings: timings)
        #expect(record.promptTokens == 600 && record.generatedTokens == 210)
        #expect(record.prefillTokensPerS == 200)
        #expect(record.decodeTokensPerS == 25)
        #expect(record.generationWallS == 11.5)
        #expect(record.ttftS?.p50 == 0.2)
        #expect(record.interTokenS?.p50 == 0.02)
    }

    @Test func totalsOfEarlierRunsAreTakenOff() {
        var earlier = GenerationStatistics()
        earlier.promptTokens = 500
        earlier.generatedTokens = 10
        earlier.decodedTokens = 100
        earlier.prefillSeconds = 2
        earlier.decodeSeconds = 6
        earlier.wallSeconds = 10
        let record = ThroughputRecord(statistics: statistics, since: earlier, timings: [])
        #expect(record.promptTokens == 100 && record.generatedTokens == 200)
        #expect(record.prefillTokensPerS == 100)
        #expect(record.decodeTokensPerS == 50)
        #expect(record.generationWallS == 1.5)
    }

    @Test func whatWasNotTimedIsNotMeasured() {
        let record = ThroughputRecord(statistics: GenerationStatistics(), timings: [])
        #expect(record.prefillTokensPerS == nil && record.decodeTokensPerS == nil)
        #expect(record.ttftS == nil && record.interTokenS == nil)
    }
}
