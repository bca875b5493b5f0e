import Foundation
import Synchronization

/// Runs untrusted test programs, a fixed number at a time, and judges them from outside.
package final class Box: TestRunner {
    package let isolation: IsolationDescription
    let host: BoxHost
    private let slots: WorkerSlots
    private let cells = Mutex<[Int: Cell]>([:])
    private let builds = BuildCache()
    /// Whether a passing program is run against the negative control, and a timeout confirmed; only tests and probes do
    /// without.
    let controls: Bool
    let confirms: Bool
    /// The layers that the probes confirmed; every worker's box has them, or is none.
    private let confirmed: BoxLayers

    init(
        host: BoxHost, isolation: IsolationDescription, workers: Int, confirmed: BoxLayers = [], controls: Bool = true,
        confirms: Bool = true
    ) {
        self.host = host
        self.confirmed = confirmed
        self.isolation = isolation
        self.controls = controls
        self.confirms = confirms
        slots = WorkerSlots(count: workers)
    }

    /// Finds the interpreter and the strongest box of at least the requested level that its own probes confirm.
    /// - Parameters:
    ///   - workers: how many programs may run at the same time.
    ///   - searchPath: folders to look in, as in PATH, which it replaces.
    ///   - languages: languages of the programs; those of the table that lack their tools are skipped, each by itself.
    ///   - program: how the box itself is started.
    /// - Throws: `BoxError.missing` whose sentence names the mend.
    package static func make(
        isolation: IsolationRequest, workers: Int, searchPath: String? = nil, languages: Set<String> = [],
        program: BoxProgram = .current
    ) async throws -> Box {
        let attempts: [BoxLayers] =
            isolation == .none
            ? [[.freshFolder, .cleanEnvironment]] : [.l2, .l1, BoxLayers.l1.subtracting(.ownUser)]
        return try await make(
            isolation: isolation, workers: workers, searchPath: searchPath, languages: languages, program: program,
            attempts: attempts)
    }

    /// - Parameter attempts: sets of layers, strongest first; tests leave some out.
    static func make(
        isolation: IsolationRequest, workers: Int, searchPath: String? = nil, languages: Set<String> = [],
        program: BoxProgram, attempts: [BoxLayers]
    ) async throws -> Box {
        let folders = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        guard let python = ProgramSearch.find("python3", in: folders) else {
            throw BoxError.missing("python3 is not in PATH, and Python programs need it: apt-get install python3.")
        }
        let interpreter = try await Interpreter.ask(python)
        var toolchains: [String: Toolchain] = [:]
        for name in languages {
            guard let language = Language.table[Language.name(name)] else { continue }
            toolchains[Language.name(name)] = await Toolchain.find(language, in: folders)
        }
        var refusals: [String] = []
        for layers in attempts {
            let host = BoxHost(
                program: program, layers: layers, interpreter: interpreter, toolchains: toolchains)
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
            return Box(host: host, isolation: description, workers: workers, confirmed: shown.layers)
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
        guard confirms, [.timeout, .starved].contains(first.outcome.verdict), !first.isFinal, !Task.isCancelled else {
            return first.outcome
        }
        return await withSlot(alone: true) { await self.judge(job, slot: $0) }.outcome
    }

    private func withSlot(alone: Bool, _ body: (Int) async -> Attempt) async -> Attempt {
        let slot = alone ? await slots.acquireAlone() : await slots.acquire()
        let outcome = await body(slot)
        await slots.release(slot)
        return outcome
    }

    private func judge(_ job: TestJob, slot: Int) async -> Attempt {
        let name = Language.name(job.language)
        guard name != "python" else { return await judgePython(job, slot: slot) }
        func outcome(_ verdict: Verdict, _ detail: String) -> Attempt {
            Attempt(
                outcome: TestOutcome(verdict: verdict, detail: detail, cpuSeconds: 0, wallSeconds: 0, mode: job.mode))
        }
        guard let language = Language.table[name] else {
            return outcome(.skipped, "programs in \(job.language) cannot be run yet")
        }
        guard let toolchain = host.toolchains[name] else {
            let tools = language.tools.joined(separator: " and ")
            return outcome(.skipped, "no toolchain for \(name): \(tools) not found; \(language.mend)")
        }
        var job = job
        job.mode = language.mode
        let first = await built(job, language, toolchain, secretPrefix: "P", slot: slot)
        guard controls, first.outcome.verdict == .passed, job.mode == .lateSecret else { return first }
        if let altered = AlteredTests(of: job.tests, language: name) {
            var other = job
            other.tests = altered.anyOne
            let control = await built(other, language, toolchain, secretPrefix: "P", slot: slot)
            // Tests that no longer compile show nothing.
            if ![.compileError, .infrastructure].contains(control.outcome.verdict) {
                return await tossed(judged(first, control: control)) { [job, other] isControl in
                    await self.built(isControl ? other : job, language, toolchain, secretPrefix: "P", slot: slot)
                }
            }
        }
        // In this control the program's own last word is that it failed: whoever says otherwise made it up.
        return judged(first, control: await built(job, language, toolchain, secretPrefix: "C", slot: slot))
    }

    /// Builds a program, where its language needs that, and runs it.
    private func built(
        _ job: TestJob, _ language: Language, _ toolchain: Toolchain, secretPrefix: String, slot: Int
    ) async -> Attempt {
        let plan = language.plan(job, toolchain)
        var artifact: [UInt8] = []
        if let build = plan.build {
            switch await built(build, slot: slot) {
            case .artifact(let bytes): artifact = bytes
            case .verdict(let verdict, let detail):
                return Attempt(
                    outcome: TestOutcome(
                        verdict: verdict, detail: detail, cpuSeconds: 0, wallSeconds: 0, mode: job.mode))
            }
        }
        let attempt = await attempt(job, secretPrefix: secretPrefix, slot: slot) { [artifact] in
            plan.roles(artifact, Array($0.utf8))
        }
        return attempt.isClaim ? attempt.disbelieved : attempt
    }

    private func built(_ role: Role, slot: Int) async -> BuildCache.Result {
        let key = role.bytes
        if let known = builds[key] { return known }
        let result: BuildCache.Result
        do {
            let seconds = role.limits.cpuSeconds + role.limits.wallMarginSeconds
            result = BuildCache.result(of: try await exchange([role], wallSeconds: seconds, slot: slot))
        } catch {
            return .verdict(
                Task.isCancelled ? .infrastructure : .sandboxError, VerdictRules.oneLine("compiling: \(error)"))
        }
        builds.keep(result, for: key)
        return result
    }

    private func judgePython(_ job: TestJob, slot: Int) async -> Attempt {
        func once(_ job: TestJob, poison: Bool) async -> Attempt {
            let numpy = host.interpreter.hasNumpy
            return await self.attempt(job, slot: slot) { secret in
                PythonRoles.make(job, secret: Array(secret.utf8), poison: poison, numpy: numpy)
            }
        }
        /// A program that runs beside the driver can say in its name that the harness failed, and would not be scored. It
        /// is believed where an empty program, which says nothing, ends in the same way.
        func attempt(_ job: TestJob, poison: Bool) async -> Attempt {
            let attempt = await once(job, poison: poison)
            guard attempt.isClaim else { return attempt }
            var empty = job
            empty.candidate = ""
            guard await !once(empty, poison: poison).isClaim else { return attempt }
            return attempt.disbelieved
        }
        var job = job
        var first = await attempt(job, poison: false)
        if first.needsOneProcess {
            guard job.mayShareProcess else {
                first.outcome.verdict = .failed
                first.outcome.detail = "it returned what cannot be passed to it again"
                return first
            }
            job.mode = .inProcess
            first = await attempt(job, poison: false)
        }
        guard controls, first.outcome.verdict == .passed, job.mode == .inProcess else { return first }
        var poisoned = await attempt(job, poison: true)
        // Only the tests can swallow an assertion, so a program whose tests hold nothing that does is not believed.
        poisoned.swallowed = poisoned.swallowed && Self.maySwallow(job.tests)
        let judged = judged(first, control: poisoned)
        guard judged.outcome.verdict == .passed, !poisoned.swallowed else { return judged }
        let altered = AlteredTests(of: job.tests, language: "python")
        func control() async -> Attempt {
            guard let altered else { return await attempt(job, poison: true) }
            var other = job
            other.tests = altered.anyOne
            return await attempt(other, poison: false)
        }
        return await tossed(altered == nil ? judged : self.judged(first, control: await control())) { isControl in
            isControl ? await control() : await attempt(job, poison: false)
        }
    }

    /// One run judged, repeated once where the box itself failed.
    func attempt(
        _ job: TestJob, secretPrefix: String = "", slot: Int, roles: (String) -> [Role]
    ) async -> Attempt {
        let first = await attemptOnce(job, secretPrefix: secretPrefix, slot: slot, roles: roles)
        guard first.outcome.verdict == .sandboxError, !Task.isCancelled else { return first }
        return await attemptOnce(job, secretPrefix: secretPrefix, slot: slot, roles: roles)
    }

    private func attemptOnce(
        _ job: TestJob, secretPrefix: String, slot: Int, roles: (String) -> [Role]
    ) async -> Attempt {
        var random = SystemRandomNumberGenerator()
        let secret = secretPrefix + (0..<2).map { _ in String(random.next() as UInt64, radix: 36) }.joined()
        let start = ContinuousClock.now
        func outcome(_ verdict: Verdict, _ detail: String, cpu: Double = 0, wall: Double? = nil) -> TestOutcome {
            TestOutcome(
                verdict: verdict, detail: detail, cpuSeconds: cpu,
                wallSeconds: wall ?? (ContinuousClock.now - start) / .seconds(1), mode: job.mode)
        }
        do {
            let report = try await exchange(
                roles(secret), wallSeconds: job.limits.cpuSeconds + job.limits.wallMarginSeconds, slot: slot)
            let finding = VerdictRules.judge(report, of: job, secret: secret)
            return Attempt(
                outcome: outcome(
                    finding.verdict, finding.detail, cpu: report.roles.first?.cpuSeconds ?? 0,
                    wall: report.wallSeconds), swallowed: finding.assertionSwallowed,
                needsOneProcess: finding.needsOneProcess, isClaim: finding.isClaim, isFinal: finding.isFinal)
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
            let fresh = try await Cell.start(host.setup())
            guard fresh.layers.isSuperset(of: confirmed) else { throw Cell.Failure.refused(fresh.missing) }
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
