import Foundation
import Testing

@testable import Execution

/// A layer that can be taken away unnoticed is not tested. These switches are not reachable by any flag.
@Suite(.serialized) struct AblationTests {
    @Test(arguments: [
        (BoxLayers.seccomp, "refuses dangerous system calls"), (.network, "has no network interface"),
        (.freshFolder, "a new folder for every program"), (.cleanEnvironment, "hides the environment"),
    ])
    func probesNoticeAMissingLayer(_ layer: BoxLayers, _ noticed: String) async throws {
        let error = await #expect(throws: BoxError.self) {
            _ = try await Box.make(
                isolation: .required, workers: 1, program: Shared.program, attempts: [BoxLayers.l2.subtracting(layer)])
        }
        #expect(error?.description.contains(noticed) == true, "\(String(describing: error))")
    }

    @Test func probesNoticeMissingLandlock() async throws {
        let layers = BoxLayers.l1.subtracting([.landlock, .ownUser])
        let error = await #expect(throws: BoxError.self) {
            _ = try await Box.make(isolation: .l1, workers: 1, program: Shared.program, attempts: [layers])
        }
        #expect(error?.description.contains("hides files of the host") == true, "\(String(describing: error))")
    }

    /// In one process and without the negative control an object that equals everything passes.
    @Test func withoutTheJudgeAForgeryPasses() async throws {
        let made = try await Shared.box.value
        let bare = Box(host: made.host, isolation: made.isolation, workers: 1, controls: false)
        var job = try Corpus.load("attacks").job("e05_always_equal.py", in: "attacks")
        #expect(await bare.run(job).verdict == .failed)
        job.mode = .inProcess
        #expect(await bare.run(job).verdict == .passed)
        #expect(await made.run(job).verdict == .forged)
    }

    /// Runs out of time while another test is running, but not alone: whether the first file is there tells the runs
    /// apart, which only a folder that outlives a run can do.
    @Test func aTimeoutIsConfirmedAlone() async throws {
        let made = try await Shared.box.value
        let host = BoxHost(
            program: made.host.program, layers: BoxLayers.l2.subtracting(.freshFolder),
            interpreter: made.host.interpreter)
        let box = Box(host: host, isolation: made.isolation, workers: 1)
        var job = TestJob(
            candidate: """
                import os
                first = not os.path.exists('/tmp/work/seen')
                if first: open('/tmp/work/seen', 'w').close()
                while first: pass
                """, tests: "pass", mode: .inProcess)
        job.limits.cpuSeconds = 1
        // On a busy host the first run must still come as far as its file: starved before, it would not be the first.
        job.limits.wallMarginSeconds = 60
        let outcome = await box.run(job)
        if outcome.verdict == .sandboxError { return }  // this host grants no namespaces
        #expect(outcome.verdict == .passed, "\(outcome)")
    }
}
