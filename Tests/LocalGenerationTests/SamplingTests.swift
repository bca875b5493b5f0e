import Foundation
import Generation
import LocalGeneration
import Tensors
import TestSupport
import Testing

/// Sampling: what is drawn follows the model's distribution, and depends on seed, problem and sample alone.
struct SamplingTests {
    private func generator(
        _ folder: String = "yuan-tiny", dtype: DType = .bf16, batchSize: Int, threads: Int = 2,
        speculation: Bool = true
    ) throws -> LocalGenerator {
        var settings = ModelSettings()
        settings.dtype = dtype
        settings.threads = threads
        settings.engine.speculation = speculation
        let source = try ModelSource(Fixtures.url("golden/\(folder)"))
        return try LoadedModel(source, settings: settings, batchSize: batchSize).generator
    }

    /// Answers of the authors of Philox (Random123, kat_vectors).
    @Test func philoxGivesTheKnownAnswers() {
        func block(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
            let block = Philox4x32.block(counter: SIMD4(counter), key: SIMD2(key))
            return (0..<4).map { block[$0] }
        }
        #expect(block([0, 0, 0, 0], [0, 0]) == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
        let ones = UInt32.max
        #expect(
            block([ones, ones, ones, ones], [ones, ones]) == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
        #expect(
            block([0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], [0xA409_3822, 0x299F_31D0])
                == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
    }

    @Test func everythingCountsInADraw() {
        let plain = Sampling(temperature: 1, seed: 7, problem: "a", sample: 3)
        var others = [plain.uniform(at: 5), plain.uniform(at: 6)]
        for change in [
            { $0.seed = 8 }, { $0.seed = 7 + 1 << 32 }, { $0.problem = "b" }, { $0.sample = 4 },
        ] as [(inout Sampling) -> Void] {
            var other = plain
            change(&other)
            others.append(other.uniform(at: 5))
        }
        #expect(Set(others).count == others.count && others.allSatisfy { (0..<1).contains($0) })
        var same = plain
        same.temperature = 2
        same.topK = 3
        #expect(same.uniform(at: 5) == plain.uniform(at: 5))
    }

    /// χ² of the first tokens of many samples against the softmax of the logits, computed here from all of them.
    @Test(
        arguments: [(1.0, nil, nil), (0.5, nil, nil), (2.0, 40, nil), (1.5, nil, 0.8), (1.0, 60, 0.7)]
            as [(Double, Int?, Double?)])
    func drawsFollowTheDistribution(temperature: Double, topK: Int?, topP: Double?) async throws {
        let engine = try generator(batchSize: 64)
        let prompt = Prompt.tokens([5, 17, 42, 9])
        let greedy = try await engine.results(of: [
            GenerationRequest(id: "", prompt: prompt, maxNewTokens: 1, ignoreEOS: true, topLogits: 100_000)
        ])
        let logits = try #require(greedy.first?.steps.first?.top)
        var shares = logits.map { (id: $0.id, p: exp(Double($0.logit - logits[0].logit) / temperature)) }
        if let topK { shares = Array(shares.prefix(topK)) }
        if let topP {
            let total = shares.reduce(0) { $0 + $1.p }
            var sum = 0.0
            shares = Array(
                shares.prefix { share in
                    defer { sum += share.p }
                    return sum < topP * total
                })
        }
        let total = shares.reduce(0) { $0 + $1.p }

        let count = 4000
        let results = try await engine.results(
            of: (0..<count).map { sample in
                GenerationRequest(
                    id: "\(sample)", prompt: prompt, maxNewTokens: 1, ignoreEOS: true,
                    sampling: Sampling(
                        temperature: temperature, topK: topK, topP: topP, seed: 11, problem: "p", sample: sample))
            })
        var counts: [Int: Double] = [:]
        for result in results { counts[result.tokens[0], default: 0] += 1 }
        #expect(Set(counts.keys).isSubset(of: shares.map(\.id)))
        // Cells of at least ten expected draws, the rare ones put together.
        var cells: [(seen: Double, expected: Double)] = []
        var open = (seen: 0.0, expected: 0.0)
        for share in shares {
            open.seen += counts[share.id] ?? 0
            open.expected += share.p / total * Double(count)
            if open.expected >= 10 {
                cells.append(open)
                open = (0, 0)
            }
        }
        if let last = cells.indices.last {
            cells[last] = (cells[last].seen + open.seen, cells[last].expected + open.expected)
        }
        let chiSquare = cells.reduce(0) { $0 + ($1.seen - $1.expected) * ($1.seen - $1.expected) / $1.expected }
        let freedom = Double(cells.count - 1)
        // The 99.9 % point, by Wilson and Hilferty's cube.
        let root = 1 - 2 / (9 * freedom) + 3.0902 * (2 / (9 * freedom)).squareRoot()
        #expect(cells.count > 3 && chiSquare < freedom * root * root * root, "χ² \(chiSquare), \(freedom) degrees")
    }

    @Test(arguments: ["yuan-tiny", "llama-tiny"])
    func samplesDependOnSeedProblemAndSampleAlone(folder: String) async throws {
        func requests(seed: UInt64) -> [GenerationRequest] {
            (0..<24).map { index in
                let phrase = (0..<(3 + index % 4)).map { 7 + ($0 * 13 + index / 3 * 17) % 250 }
                let prompt = (0..<(2 + index % 5)).flatMap { _ in phrase }
                // Low temperatures repeat themselves, so that guesses are right at times.
                return GenerationRequest(
                    id: "\(index)", prompt: .tokens(prompt), maxNewTokens: 40 + index % 5, ignoreEOS: true,
                    topLogits: index % 2 * 3,
                    sampling: index == 5
                        ? nil
                        : Sampling(
                            temperature: index % 3 == 0 ? 0.05 : 0.9, topK: index % 4 == 0 ? 30 : nil,
                            topP: index % 4 < 2 ? 0.9 : nil, seed: seed, problem: "\(index / 3)", sample: index % 3))
            }
        }
        let alone = try await generator(folder, batchSize: 1, threads: 1, speculation: false)
            .results(of: requests(seed: 1))
        var accepted = 0
        for (batchSize, threads, speculation) in [
            (1, 2, true), (3, 1, true), (3, 2, false), (16, 2, true), (16, 1, false),
        ] {
            let engine = try generator(folder, batchSize: batchSize, threads: threads, speculation: speculation)
            let results = try await engine.results(of: requests(seed: 1))
            #expect(results.map(\.tokens) == alone.map(\.tokens), "batch \(batchSize), guesses \(speculation)")
            #expect(results.map(\.steps) == alone.map(\.steps), "batch \(batchSize), guesses \(speculation)")
            accepted += await engine.statistics.acceptedTokens
        }
        #expect(accepted > 0, "some guesses were what was drawn")
        let other = try await generator(folder, batchSize: 16).results(of: requests(seed: 2))
        #expect(other[5].tokens == alone[5].tokens, "greedy stays greedy")
        #expect(zip(other, alone).count { $0.tokens != $1.tokens } > 12, "another seed gives other samples")
    }

    @Test func stepsTellProbabilities() async throws {
        let engine = try generator("llama-tiny", dtype: .fp32, batchSize: 4)
        let requests = (0..<4).map { index in
            GenerationRequest(
                id: "\(index)", prompt: .tokens([9, 8, 7]), maxNewTokens: 6, ignoreEOS: true, topLogits: 100_000,
                sampling: index == 0 ? nil : Sampling(temperature: 1.5, seed: 3, sample: index))
        }
        var told: [String: [StepLogits]] = [:]
        var text: [String: String] = [:]
        var results: [GenerationResult] = []
        for try await event in engine.generate(requests) {
            switch event {
            case .text(let id, let delta, let steps):
                told[id, default: []] += steps
                text[id, default: ""] += delta
            case .finished(let result): results.append(result)
            case .failed(_, let reason): Issue.record("\(reason)")
            }
        }
        #expect(results.count == 4)
        for result in results {
            #expect(told[result.id] == result.steps && result.steps.count == 6, "events carry every step once")
            #expect(text[result.id] == result.text)
            for step in result.steps {
                #expect(step.logit == step.top.first { $0.id == step.id }?.logit)
                let sum = step.top.reduce(0) { $0 + exp(Double($1.logit)) }
                #expect(abs(Double(step.logNormalizer) - log(sum)) < 1e-5)
            }
        }
    }

    @Test func whatCannotBeDrawnIsRefused() async throws {
        let engine = try generator(batchSize: 4)
        let faults: [(Sampling, String)] = [
            (Sampling(temperature: 0), "temperature is 0.0"), (Sampling(temperature: .infinity), "temperature"),
            (Sampling(temperature: 1, topK: 0), "top-k is 0"), (Sampling(temperature: 1, topP: 0), "top-p is 0.0"),
            (Sampling(temperature: 1, topP: 1.1), "top-p is 1.1"), (Sampling(temperature: 1, sample: -1), "sample"),
        ]
        for (sampling, words) in faults {
            let request = GenerationRequest(id: "", prompt: .tokens([5]), maxNewTokens: 2, sampling: sampling)
            for try await event in engine.generate([request]) {
                guard case .failed(_, let reason) = event else { continue }
                #expect(reason.contains(words))
            }
        }
        #expect(await engine.statistics.generatedTokens == 0)
    }

    /// Requests that came first are done first, also where later ones are longer.
    @Test func jobsAreServedInTheirOrder() async throws {
        let engine = try generator(batchSize: 1)
        let first = (0..<30).map {
            GenerationRequest(id: "\($0)", prompt: .tokens([5, 6 + $0]), maxNewTokens: 12, ignoreEOS: true)
        }
        let second = GenerationRequest(
            id: "late", prompt: .tokens(Array(10..<90)), maxNewTokens: 3, ignoreEOS: true)
        let order = Order()
        var late: Task<Void, any Error>?
        for try await event in engine.generate(first) {
            guard case .finished(let result) = event else { continue }
            await order.append(result.id)
            if late == nil {
                late = Task {
                    for try await event in engine.generate([second]) {
                        if case .finished(let result) = event { await order.append(result.id) }
                    }
                }
            }
        }
        try await late?.value
        #expect(await order.ids.last == "late")
    }

    private actor Order {
        var ids: [String] = []
        func append(_ id: String) { ids.append(id) }
    }
}
