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

    /// The box of ordinary users, whose programs share one user id with the driver that watches them.
    @Test func userNamespaceHolds() async throws {
        let box = try await Box.make(isolation: .required, workers: 1, identity: .userNamespace)
        let benign = try Corpus.load("benign")
        for file in benign.cases.map(\.file) {
            let outcome = await box.run(try benign.job(file, in: "benign"))
            #expect(outcome.verdict == .passed, "\(file): \(outcome)")
        }
        let attacks = try Corpus.load("attacks")
        // No bombs here: root's processes are counted only where they have a user id of their own.
        let files = [
            "b08_kill_all.py", "c02_read_secrets.py", "d01_net_loopback.py", "e10_print_sentinel.py",
            "e14_proc_mem_ppid.py",
        ]
        for attack in attacks.cases where files.contains(attack.file) {
            let outcome = await box.run(try attacks.job(attack.file, in: "attacks"))
            #expect(attack.accept?.contains(outcome.verdict.rawValue) == true, "\(attack.file): \(outcome)")
        }
        let reach = """
            import os
            def reachable():
                found = []
                for name in ('fd/0', 'fd/1', 'mem'):
                    try: found.append(os.open('/proc/%d/%s' % (os.getppid(), name), os.O_RDWR))
                    except OSError: pass
                return found
            """
        let outcome = await box.run(TestJob(candidate: reach, tests: "assert not reachable()"))
        #expect(outcome.verdict == .passed, "\(outcome)")
    }
}
