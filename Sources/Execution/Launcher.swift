import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Starts one driver, in the box or bare, hands it a job and takes its report. Knows nothing of verdicts.
struct Launcher: Sendable {
    /// What came of one launch.
    enum Launch: Sendable {
        case report(DriverReport)
        /// The tests' own text is not a Python program.
        case testsUnreadable(String)
        /// The driver had begun and was gone, or silent past every deadline: the candidate did that.
        case lost(String, overdue: Bool)
        /// The box itself did not come up.
        case broken(String)
        case cancelled
    }

    var bubblewrap: Bubblewrap?
    var interpreter: Interpreter
    /// A variable in the environment of bubblewrap itself, which must not be seen inside.
    var canaryVariable: String?

    /// Granted to the box beyond the wall time that the driver itself watches (twice the limit at most).
    private static let graceSeconds = 8.0
    /// Real user ids are taken from here on; below 65536, which is all that many containers map.
    private static let firstUser = 20000
    private static let users = 40000

    /// - Parameters:
    ///   - slot: number of the worker, which gives its processes a user id of their own.
    ///   - poison: run the negative control instead of the tests as they are.
    func launch(_ job: TestJob, secret: String, poison: Bool, slot: Int) async -> Launch {
        if Task.isCancelled { return .cancelled }
        let start = ContinuousClock.now
        let wall = job.limits.cpuSeconds + job.limits.wallMarginSeconds
        let deadline = Duration.seconds(2 * wall + Self.graceSeconds)
        var folder: URL?
        if bubblewrap == nil {
            let fresh = FileManager.default.temporaryDirectory.appendingPathComponent("yuanbench-" + UUID().uuidString)
            do {
                try FileManager.default.createDirectory(at: fresh, withIntermediateDirectories: true)
            } catch {
                return .broken("\(fresh.path): no work folder: \(error.localizedDescription)")
            }
            folder = fresh
        }
        defer { if let folder { try? FileManager.default.removeItem(at: folder) } }
        let input = FieldCoding.encode(fields(job, secret: secret, poison: poison, slot: slot))
        let configuration = command(job, folder: folder)
        let limit = (1 << 18) + job.limits.outputBytes
        // Whichever ends first takes the other along: leaving the group cancels, and cancelling kills the process.
        let launch = await withTaskGroup(of: Launch?.self) { group -> Launch in
            group.addTask { await Self.collect(configuration, input: input, limit: limit) }
            group.addTask { (try? await Task.sleep(for: deadline)) == nil ? .some(.cancelled) : nil }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .lost("no report after \(ContinuousClock.now - start)", overdue: true)
        }
        return Task.isCancelled ? .cancelled : launch
    }

    private func fields(_ job: TestJob, secret: String, poison: Bool, slot: Int) -> [(String, [UInt8])] {
        let limits = job.limits
        func number(_ value: Int) -> [UInt8] { Array(String(value).utf8) }
        func milliseconds(_ value: Double) -> [UInt8] {
            number(Int((min(max(value, 0.001), 86_400) * 1000).rounded(.up)))
        }
        var user = 0
        if let bubblewrap, bubblewrap.identity == .switchUser {
            user = Self.firstUser + (Int(ProcessInfo.processInfo.processIdentifier) * 64 + slot) % Self.users
        }
        return [
            ("candidate", Array(job.candidate.utf8)), ("tests", Array(job.tests.utf8)),
            ("stdin", Array(job.stdin.utf8)), ("secret", Array(secret.utf8)),
            ("path", Array(interpreter.packages.joined(separator: "\n").utf8)),
            ("compare", number(job.mode == .compareOutput ? 1 : 0)), ("poison", number(poison ? 1 : 0)),
            ("isolated", number(bubblewrap == nil ? 0 : 1)), ("user", number(user)),
            ("cpu_ms", milliseconds(limits.cpuSeconds)),
            ("wall_ms", milliseconds(limits.cpuSeconds + limits.wallMarginSeconds)),
            ("memory", number(limits.memoryBytes)), ("file", number(limits.workDirectoryBytes)),
            // Without a namespace the limit would count all processes of the user who runs the harness.
            ("processes", number(bubblewrap == nil ? 0 : limits.processes)), ("output", number(limits.outputBytes)),
            ("files", number(VerdictRules.maximumFiles)),
        ]
    }

    private func command(_ job: TestJob, folder: URL?) -> Configuration {
        let program = [interpreter.executable] + Interpreter.flags + ["-c", interpreter.driver]
        var options = PlatformOptions()
        options.createSession = true
        if let bubblewrap {
            let box = bubblewrap.arguments(interpreter: interpreter, workDirectoryBytes: job.limits.workDirectoryBytes)
            var environment: [Environment.Key: String] = [:]
            if let key = canaryVariable.flatMap(Environment.Key.init(rawValue:)) { environment[key] = "canary" }
            return Configuration(
                executable: .path(FilePath(bubblewrap.path)), arguments: Arguments(box + program),
                environment: .custom(environment), platformOptions: options)
        }
        let home = folder?.path ?? "/"
        var environment: [Environment.Key: String] = [:]
        for (name, value) in Bubblewrap.environment(home: home, interpreter: interpreter) {
            if let key = Environment.Key(rawValue: name) { environment[key] = value }
        }
        return Configuration(
            executable: .path(FilePath(interpreter.executable)), arguments: Arguments(Array(program.dropFirst())),
            environment: .custom(environment), workingDirectory: FilePath(home), platformOptions: options)
    }

    private static let announcement = Array("started\n".utf8)

    private static func collect(_ configuration: Configuration, input: [UInt8], limit: Int) async -> Launch {
        do {
            let result = try await Subprocess.run(
                configuration, input: .array(input), output: .bytes(limit: limit), error: .string(limit: 1 << 16))
            let output = result.standardOutput
            guard output.starts(with: announcement) else {
                let said = VerdictRules.oneLine(result.standardError)
                return .broken("the box did not start (\(result.terminationStatus)): \(said)")
            }
            guard let fields = FieldCoding.decode(output[announcement.count...]), !fields.isEmpty else {
                return .lost("the driver in the box was killed (\(result.terminationStatus))", overdue: false)
            }
            if let error = fields["tests_error"] { return .testsUnreadable(String(decoding: error, as: UTF8.self)) }
            guard let report = DriverReport(fields) else {
                return .lost("the driver's report is incomplete", overdue: false)
            }
            return .report(report)
        } catch {
            return .broken("the box could not be started: \(VerdictRules.oneLine(String(describing: error)))")
        }
    }
}
