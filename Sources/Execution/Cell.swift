import CBox
import Foundation
import Synchronization

/// The box of one worker: a process that lives for many jobs, one at a time, and ends with its socket.
final class Cell: Sendable {
    /// How it is set up.
    struct Setup: Sendable {
        var program: BoxProgram
        var layers: BoxLayers
        /// Real user ids of the roles, for root.
        var firstUser: UInt32
        /// Shown read-only.
        var visible: [String]
        var environment: [String]
        /// Command of the warm interpreter.
        var interpreter: [String]
        /// NAME=value in the environment of the box itself, which must not be seen inside.
        var canary: String?
    }

    enum Failure: Error, Sendable {
        /// No box: the reason.
        case refused(String)
        /// The box is gone, or silent past every deadline.
        case lost(String)
    }

    /// The layers that hold, and the version of Landlock (0: none).
    let layers: BoxLayers
    let landlock: Int
    /// Why a layer is missing that was asked for; empty if none is.
    let missing: String
    private let descriptor: Int32
    let process: pid_t
    private let queue: DispatchQueue
    private let isOpen = Mutex(true)

    /// Starts the box and waits until it is up.
    /// - Throws: `Failure.refused` with the reason.
    static func start(_ setup: Setup) async throws -> Cell {
        let queue = DispatchQueue(label: "yuanbench.box")
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try Cell(setup, queue: queue) }) }
        }
    }

    private init(_ setup: Setup, queue: DispatchQueue) throws {
        self.queue = queue
        var end: Int32 = -1
        var arguments = setup.program.command.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        process = yb_box_start(arguments, setup.canary, &end)
        descriptor = end
        guard process > 0 else {
            throw Failure.refused("\(setup.program.command.first ?? ""): \(String(cString: strerror(errno)))")
        }
        func list(_ strings: [String]) -> [UInt8] { Array((strings.joined(separator: "\0") + "\0").utf8) }
        let (visible, environment, interpreter) = (
            list(setup.visible), list(setup.environment), list(setup.interpreter)
        )
        var header = yb_setup()
        header.layers = setup.layers.rawValue
        header.first_user = setup.firstUser
        header.visible_bytes = UInt32(visible.count)
        header.environment_bytes = UInt32(environment.count)
        header.interpreter_bytes = UInt32(interpreter.count)
        let bytes = withUnsafeBytes(of: header) { Array($0) } + visible + environment + interpreter
        var ready = yb_ready()
        let answered =
            yb_box_write(end, bytes, bytes.count) == 0
            && withUnsafeMutableBytes(of: &ready) { yb_box_read(end, $0.baseAddress, $0.count, 30_000) == 0 }
        layers = BoxLayers(rawValue: ready.layers)
        landlock = Int(ready.landlock_abi)
        let reason = withUnsafeBytes(of: ready.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        missing = reason
        guard answered, ready.ok == 1 else {
            Self.end(process, end)
            throw Failure.refused(reason.isEmpty ? "the box did not come up" : reason)
        }
    }

    deinit { if isOpen.withLock({ $0 }) { Self.end(process, descriptor) } }

    /// Runs one job. Cancelling ends the box and everything in it.
    /// - Throws: `Failure.lost`, after which the box is of no use.
    func run(_ roles: [Role], wallSeconds: Double) async throws -> JobReport {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async {
                    continuation.resume(with: Result { try self.exchange(roles, wallSeconds: wallSeconds) })
                }
            }
        } onCancel: {
            self.close()
        }
    }

    /// Ends the box and everything in it.
    func close() {
        isOpen.withLock { open in
            // The descriptor itself stays ours until deinit: it may be in use.
            if open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private func exchange(_ roles: [Role], wallSeconds: Double) throws -> JobReport {
        var job = yb_job()
        job.roles = UInt32(roles.count)
        job.wall_ms = UInt32(clamping: Int((wallSeconds * 1000).rounded(.up)))
        var bytes = withUnsafeBytes(of: job) { Array($0) }
        for role in roles { bytes += role.bytes }
        guard yb_box_write(descriptor, bytes, bytes.count) == 0 else { throw Failure.lost("the box is gone") }
        // The box itself gives up after ten times the wall limit; what it takes to start is on top.
        var outcome = yb_outcome()
        try read(&outcome, milliseconds: Int32(clamping: Int(wallSeconds * 12_000) + 90_000))
        guard let ending = JobReport.Ending(rawValue: outcome.ending), Int(outcome.roles) == roles.count else {
            throw Failure.lost("the box answers nonsense")
        }
        var report = JobReport(ending: ending, wallSeconds: Double(outcome.wall_us) / 1e6, roles: [])
        for _ in roles {
            var role = yb_role_outcome()
            try read(&role, milliseconds: 30_000)
            report.roles.append(
                RoleReport(
                    state: RoleReport.State(rawValue: role.state) ?? .absent, status: Int(role.status),
                    cpuSeconds: Double(role.cpu_us) / 1e6, waitedSeconds: Double(role.waited_us) / 1e6,
                    memoryKills: Int(role.oom_kills), output: try readBytes(role.out_bytes),
                    errors: try readBytes(role.err_bytes), told: try readBytes(role.told_bytes)))
        }
        return report
    }

    private func read<Value>(_ value: inout Value, milliseconds: Int32) throws {
        let result = withUnsafeMutableBytes(of: &value) {
            yb_box_read(descriptor, $0.baseAddress, $0.count, milliseconds)
        }
        guard result == 0 else { throw Failure.lost(result == -2 ? "no report in time" : "the box is gone") }
    }

    private func readBytes(_ count: UInt32) throws -> [UInt8] {
        guard count > 0 else { return [] }
        var result: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
            result = yb_box_read(descriptor, buffer.baseAddress, Int(count), 30_000)
            initialized = result == 0 ? Int(count) : 0
        }
        guard result == 0 else { throw Failure.lost("the box is gone") }
        return bytes
    }

    /// Closes the socket, which ends the box, and waits for its process without holding anybody up.
    private static func end(_ process: pid_t, _ descriptor: Int32) {
        Glibc.close(descriptor)
        guard process > 0 else { return }
        DispatchQueue.global().async {
            for round in 0..<600 {
                if waitpid(process, nil, WNOHANG) != 0 { return }
                if round == 500 { kill(process, SIGKILL) }
                usleep(10_000)
            }
        }
    }
}
