import Foundation
import Synchronization

/// Runs untrusted test programs, a fixed number at a time, and judges them from outside.
package final class Box: TestRunner {
    package let isolation: IsolationDescription
    let host: BoxHost
    private let slots: WorkerSlots
    private let cells = Mutex<[Int: Cell]>([:])
    /// Whether a passing program is run against the negative control, and a timeout confirmed; only tests and probes do
    /// without.
    let controls: Bool
    let confirms: Bool

    init(
        host: BoxHost, isolation: IsolationDescription, workers: Int, controls: Bool = true, confirms: Bool = true
    ) {
        self.host = host
        self.isolation = isolation
        self.controls = controls
        self.confirms = confirms
        slots = WorkerSlots(count: workers)
    }

    /// Finds the interpreter and the strongest box of at least the requested level that its own probes confirm.
    /// - Parameters:
    ///   - workers: how many programs may run at the same time.
    ///   - searchPath: folders to look in, as in PATH, which it replaces.
    ///   - program: how the box itself is started.
    /// - Throws: `BoxError.missing` whose sentence names the mend.
    package static func make(
        isolation: IsolationRequest, workers: Int, searchPath: String? = nil, program: BoxProgram = .current
    ) async throws -> Box {
        let attempts: [BoxLayers] =
            isolation == .none
            ? [[.freshFolder, .cleanEnvironment]] : [.l2, .l1, BoxLayers.l1.subtracting(.ownUser)]
        return try await make(
            isolation: isolation, workers: workers, searchPath: searchPath, program: program, attempts: attempts)
    }

    /// - Parameter attempts: sets of layers, strongest first; tests leave some out.
    static func make(
        isolation: IsolationRequest, workers: Int, searchPath: String? = nil, program: BoxProgram,
        attempts: [BoxLayers]
    ) async throws -> Box {
        let folders = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        guard let python = ProgramSearch.find("python3", in: folders) else {
            throw BoxError.missing("python3 is not in PATH, and Python programs need it: apt-get install python3.")
        }
        let interpreter = try await Interpreter.ask(python)
        var refusals: [String] = []
        for layers in attempts {
            let host = BoxHost(program: program, layers: layers, interpreter: interpreter)
            guard isolation != .none else {
                return Box(
                    host: host,
                    isolation: IsolationDescription(
                        level: "L0",
                        description: "Resource limits only: programs see the host's files and network.",
                        interpreters: host.versions), workers: workers)
            }
            let shown = await IsolationProbes.run(on: host)
            guard shown.holds else {
                refusals.append("\(shown.level): \(shown.sentence)")
                continue
            }
            guard isolation.admits(shown.level) else {
                refusals.append("this host gives \(shown.level) only")
                break
            }
            let description = IsolationDescription(
                level: shown.level, description: shown.sentence, interpreters: host.versions)
            return Box(host: host, isolation: description, workers: workers)
        }
        throw BoxError.missing(
            "no box of level \(isolation.rawValue) on this host (\(refusals.joined(separator: "; "))): allow user "
                + "namespaces or use a kernel with Landlock, ask for a lower level with --isolation L2 or L1, or accept "
                + "resource limits only with --isolation none.")
    }

    /// Runs one job to its verdict. A passing program may be run once more against the negative control; a timeout
    /// counts only if the program runs out of time again while no other test is running, and a run that was starved of
    /// the processor is repeated in the same way.
    package func run(_ job: TestJob) async -> TestOutcome {
        let first = await withSlot(alone: false) { await self.judge(job, slot: $0) }
        guard confirms, [.timeout, .starved].contains(first.verdict), !Task.isCancelled else { return first }
        return await withSlot(alone: true) { await self.judge(job, slot: $0) }
    }

    private func withSlot(alone: Bool, _ body: (Int) async -> TestOutcome) async -> TestOutcome {
        let slot = alone ? await slots.acquireAlone() : await slots.acquire()
        let outcome = await body(slot)
        await slots.release(slot)
        return outcome
    }

    private func judge(_ job: TestJob, slot: Int) async -> TestOutcome {
        var job = job
        guard job.language == "python" else {
            return TestOutcome(
                verdict: .skipped, detail: "no toolchain for \(job.language)", cpuSeconds: 0, wallSeconds: 0,
                mode: job.mode)
        }
        var attempt = await attempt(job, poison: false, slot: slot)
        if attempt.needsOneProcess {
            job.mode = .inProcess
            attempt = await self.attempt(job, poison: false, slot: slot)
        }
        guard controls, attempt.outcome.verdict == .passed, job.mode == .inProcess else { return attempt.outcome }
        var outcome = attempt.outcome
        let control = await self.attempt(job, poison: true, slot: slot)
        if control.outcome.verdict == .passed, !control.swallowed {
            outcome.verdict = .forged
            outcome.detail = "passes the negative control too, whose tests no honest program can pass"
        } else if control.outcome.verdict == .sandboxError || control.outcome.verdict == .infrastructure {
            outcome.verdict = control.outcome.verdict
            outcome.detail = control.outcome.detail
        }
        return outcome
    }

    struct Attempt {
        var outcome: TestOutcome
        /// A test swallowed the failing assertion of the negative control.
        var swallowed = false
        var needsOneProcess = false
    }

    /// One run judged, repeated once where the box itself failed.
    func attempt(_ job: TestJob, poison: Bool, slot: Int) async -> Attempt {
        let first = await attemptOnce(job, poison: poison, slot: slot)
        guard first.outcome.verdict == .sandboxError, !Task.isCancelled else { return first }
        return await attemptOnce(job, poison: poison, slot: slot)
    }

    private func attemptOnce(_ job: TestJob, poison: Bool, slot: Int) async -> Attempt {
        var random = SystemRandomNumberGenerator()
        let secret = (0..<2).map { _ in String(random.next() as UInt64, radix: 36) }.joined()
        let start = ContinuousClock.now
        func outcome(_ verdict: Verdict, _ detail: String, cpu: Double = 0, wall: Double? = nil) -> TestOutcome {
            TestOutcome(
                verdict: verdict, detail: detail, cpuSeconds: cpu,
                wallSeconds: wall ?? (ContinuousClock.now - start) / .seconds(1), mode: job.mode)
        }
        let roles = PythonRoles.make(
            job, secret: Array(secret.utf8), poison: poison, numpy: host.interpreter.hasNumpy)
        do {
            let report = try await exchange(
                roles, wallSeconds: job.limits.cpuSeconds + job.limits.wallMarginSeconds, slot: slot)
            let finding = VerdictRules.judge(report, of: job, secret: secret)
            return Attempt(
                outcome: outcome(
                    finding.verdict, finding.detail, cpu: report.roles.first?.cpuSeconds ?? 0,
                    wall: report.wallSeconds), swallowed: finding.assertionSwallowed,
                needsOneProcess: finding.needsOneProcess)
        } catch {
            if Task.isCancelled { return Attempt(outcome: outcome(.infrastructure, "cancelled")) }
            return Attempt(outcome: outcome(.sandboxError, VerdictRules.oneLine("\(error)")))
        }
    }

    /// Runs roles in the box of `slot`, which is started where there is none, and given up where it fails.
    func exchange(_ roles: [Role], wallSeconds: Double, slot: Int) async throws -> JobReport {
        try Task.checkCancellation()
        var cell = cells.withLock { $0[slot] }
        if cell == nil {
            let fresh = try await Cell.start(host.setup(slot: slot))
            cells.withLock { $0[slot] = fresh }
            cell = fresh
        }
        guard let cell else { throw Cell.Failure.lost("no box") }
        do {
            let report = try await cell.run(roles, wallSeconds: wallSeconds)
            if report.ending == .broken { cells.withLock { $0[slot] = nil } }
            return report
        } catch {
            cells.withLock { $0[slot] = nil }
            throw error
        }
    }
}
