import Foundation

/// Runs untrusted Python test programs, a fixed number at a time, and judges them from outside.
package final class Box: TestRunner {
    package let isolation: IsolationDescription
    private let launcher: Launcher
    private let slots: WorkerSlots

    init(launcher: Launcher, isolation: IsolationDescription, workers: Int) {
        self.launcher = launcher
        self.isolation = isolation
        slots = WorkerSlots(count: workers)
    }

    /// Finds the interpreter and, where isolation is required, bubblewrap; shows by probe programs that it holds.
    /// - Parameters:
    ///   - workers: how many programs may run at the same time.
    ///   - searchPath: folders to look in, as in PATH, which it replaces.
    ///   - identity: how programs get a user id of their own; nil takes what suits the user.
    /// - Throws: `BoxError.missing` whose sentence names the mend.
    package static func make(
        isolation: IsolationRequest, workers: Int, searchPath: String? = nil, identity: Bubblewrap.Identity? = nil
    ) async throws -> Box {
        let folders = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        if isolation == .required, ProgramSearch.find("bwrap", in: folders) == nil {
            throw BoxError.missing(
                "bwrap is not in PATH, and running untrusted programs needs bubblewrap: apt-get install bubblewrap, "
                    + "or accept resource limits only with --isolation none.")
        }
        guard let python = ProgramSearch.find("python3", in: folders) else {
            throw BoxError.missing("python3 is not in PATH, and Python programs need it: apt-get install python3.")
        }
        let interpreter = try await Interpreter.ask(python)
        let versions = ["python": interpreter.version]
        guard isolation == .required, let bwrap = ProgramSearch.find("bwrap", in: folders) else {
            let description = IsolationDescription(
                level: "L0", description: "Resource limits only: programs see the host's files and network.",
                interpreters: versions)
            return Box(
                launcher: Launcher(bubblewrap: nil, interpreter: interpreter), isolation: description, workers: workers)
        }
        var findings: IsolationProbes.Findings?
        let suited: [Bubblewrap.Identity] = getuid() == 0 ? [.switchUser, .userNamespace] : [.userNamespace]
        for identity in identity.map({ [$0] }) ?? suited {
            let bubblewrap = Bubblewrap(path: bwrap, identity: identity)
            let box = Box(
                launcher: Launcher(bubblewrap: bubblewrap, interpreter: interpreter),
                isolation: IsolationDescription(level: "L2", description: "", interpreters: versions), workers: workers)
            let shown = await IsolationProbes.run(in: box.launcher)
            if shown.hold {
                let description = IsolationDescription(level: "L2", description: shown.sentence, interpreters: versions)
                return Box(launcher: box.launcher, isolation: description, workers: workers)
            }
            findings = findings ?? shown
        }
        throw BoxError.missing(
            "\(bwrap) does not give a working box (\(findings?.sentence ?? "no probe ran")): apt-get install bubblewrap "
                + "and allow it namespaces, or accept resource limits only with --isolation none.")
    }

    /// Runs one job to its verdict. A passing program is run once more against the negative control; a timeout counts
    /// only if the program runs out of time again while no other test is running.
    package func run(_ job: TestJob) async -> TestOutcome {
        var slot = await slots.acquire()
        var outcome = await judge(job, slot: slot)
        await slots.release(slot)
        if outcome.verdict == .timeout, !Task.isCancelled {
            slot = await slots.acquireAlone()
            outcome = await judge(job, slot: slot)
            await slots.release(slot)
        }
        return outcome
    }

    private func judge(_ job: TestJob, slot: Int) async -> TestOutcome {
        guard job.language == "python" else {
            return TestOutcome(
                verdict: .skipped, detail: "no toolchain for \(job.language)", cpuSeconds: 0, wallSeconds: 0,
                mode: job.mode)
        }
        var outcome = (await launcher.attempt(job, poison: false, slot: slot)).outcome
        guard outcome.verdict == .passed, job.mode == .inProcess else { return outcome }
        let (control, swallowed) = await launcher.attempt(job, poison: true, slot: slot)
        if control.verdict == .passed, !swallowed {
            outcome.verdict = .forged
            outcome.detail = "passes the negative control too, whose tests no honest program can pass"
        } else if control.verdict == .sandboxError || control.verdict == .infrastructure {
            outcome.verdict = control.verdict
            outcome.detail = control.detail
        }
        return outcome
    }
}
