import Execution
import Testing

@Suite(.enabled(if: Shared.hasBubblewrap, "bubblewrap is not installed"), .serialized)
struct CorpusTests {
    /// Accepted only once tests run apart from the candidate. In one process the candidate decides what an assertion
    /// sees; the negative control notices, and calls it `forged` where a separate judge would say `failed`.
    static let waitingForSeparateJudge: [String: (verdict: Verdict, why: String)] = [
        "e05_always_equal.py": (.forged, "returns an object that claims to equal anything"),
        "e20_hash_collect_expected.py": (.forged, "returns values of the right types that claim to equal anything"),
    ]

    @Test func benignProgramsPass() async throws {
        let corpus = try Corpus.load("benign")
        let outcomes = try await Shared.run(corpus.cases.map { ($0.file, try corpus.job($0.file, in: "benign")) })
        for (file, outcome) in outcomes { #expect(outcome.verdict == .passed, "\(file): \(outcome)") }
        #expect(outcomes.count == corpus.cases.count && outcomes.count >= 16)
    }

    @Test func attacksReachAcceptedVerdicts() async throws {
        let corpus = try Corpus.load("attacks")
        let jobs = try corpus.cases.map { attack in
            var job = try corpus.job(attack.file, in: "attacks")
            job.limits.cpuSeconds = 1
            job.limits.wallMarginSeconds = 1
            return (name: attack.file, job: job)
        }
        let outcomes = try await Shared.run(jobs)
        for attack in corpus.cases {
            let outcome = try #require(outcomes[attack.file])
            if let waiting = Self.waitingForSeparateJudge[attack.file] {
                #expect(outcome.verdict == waiting.verdict, "\(attack.file) \(waiting.why): \(outcome)")
            } else {
                #expect(attack.accept?.contains(outcome.verdict.rawValue) == true, "\(attack.file): \(outcome)")
            }
            #expect(outcome.wallSeconds < 10, "\(attack.file): \(outcome)")
        }
        let honest = TestJob(candidate: "def add(a, b): return a + b", tests: "assert add(1, 2) == 3")
        #expect(try await Shared.box.value.run(honest).verdict == .passed)
    }
}
