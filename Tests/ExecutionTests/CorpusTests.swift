import Foundation
import Testing

@testable import Execution

@Suite(.serialized) struct CorpusTests {
    @Test func benignProgramsPass() async throws {
        let corpus = try Corpus.load("benign")
        let outcomes = try await Shared.run(corpus.cases.map { ($0.file, try corpus.job($0.file, in: "benign")) })
        for (file, outcome) in outcomes { #expect(outcome.verdict == .passed, "\(file): \(outcome)") }
        #expect(outcomes.count == corpus.cases.count && outcomes.count >= 16)
    }

    @Test func attacksReachAcceptedVerdicts() async throws {
        let made = try await Shared.box.value
        // That a timeout is confirmed has a test of its own; here it would take as long again.
        try await attack(Box(host: made.host, isolation: made.isolation, workers: 2, confirms: false), leavingOut: [])
    }

    /// What Landlock and seccomp cannot hold without namespaces; BOX.md has the reasons.
    static let needNamespaces: Set<String> = ["a02_fork_bomb.py", "a05_disk_fill.py", "b08_kill_all.py"]

    @Test func attacksAndBenignWithoutNamespaces() async throws {
        let box = try await Box.make(
            isolation: .l1, workers: 2, program: Shared.program,
            attempts: [.l1, BoxLayers.l1.subtracting(.ownUser)])
        #expect(box.isolation.level == "L1")
        try await attack(
            Box(host: box.host, isolation: box.isolation, workers: 2, confirms: false),
            leavingOut: Self.needNamespaces)
        let benign = try Corpus.load("benign")
        for (file, outcome) in try await Shared.run(
            benign.cases.map { ($0.file, try benign.job($0.file, in: "benign")) }, in: box)
        {
            #expect(outcome.verdict == .passed, "\(file): \(outcome)")
        }
    }

    /// As an ordinary user, in a user namespace. The built program is copied to where that user can read it.
    @Test(.enabled(if: getuid() == 0, "only root can become another user"))
    func attacksAndBenignAsAnotherUser() async throws {
        let folder = URL(fileURLWithPath: "/tmp/yuanbench-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        let copy = folder.appendingPathComponent("yuanbench")
        try FileManager.default.copyItem(atPath: try #require(Shared.executable), toPath: copy.path)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy.path)
        let program = BoxProgram(command: [
            "/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", copy.path, "__box",
        ])
        let box = try await Box.make(
            isolation: .l1, workers: 2, searchPath: "/usr/local/bin:/usr/bin:/bin", program: program)
        try await attack(
            Box(host: box.host, isolation: box.isolation, workers: 2, confirms: false),
            leavingOut: box.isolation.level == "L1" ? Self.needNamespaces : [])
        let benign = try Corpus.load("benign")
        for (file, outcome) in try await Shared.run(
            benign.cases.map { ($0.file, try benign.job($0.file, in: "benign")) }, in: box)
        {
            #expect(outcome.verdict == .passed, "\(file): \(outcome)")
        }
    }

    /// What an honest verdict needs, whatever the level: an accepted word, in time, and an honest program right after.
    func attack(_ box: Box, leavingOut: Set<String>) async throws {
        let corpus = try Corpus.load("attacks")
        let cases = corpus.cases.filter { !leavingOut.contains($0.file) }
        let jobs = try cases.map { attack in
            var job = try corpus.job(attack.file, in: "attacks")
            job.limits.cpuSeconds = 1
            // What waits in vain waits so long; the others must come to their own end on a slow host too.
            job.limits.wallMarginSeconds = 2
            return (name: attack.file, job: job)
        }
        let outcomes = try await Shared.run(jobs, in: box)
        for attack in cases {
            let outcome = try #require(outcomes[attack.file])
            #expect(attack.accept?.contains(outcome.verdict.rawValue) == true, "\(attack.file): \(outcome)")
            // On a starved host the box waits ten times the wall limit of three seconds, then for the ends of processes.
            #expect(outcome.wallSeconds < 40, "\(attack.file): \(outcome)")
        }
        let honest = try corpus.job("g01_plain.py", in: "benign")
        #expect(await box.run(honest).verdict == .passed)
    }
}
