import Synchronization

/// Builds by their whole content, so that the same text is compiled once.
final class BuildCache: Sendable {
    enum Result: Sendable {
        case artifact([UInt8])
        case verdict(Verdict, String)
    }

    private struct Content {
        var results: [[UInt8]: Result] = [:]
        var order: [[UInt8]] = []
    }

    private static let entries = 16
    private let content = Mutex(Content())

    subscript(key: [UInt8]) -> Result? { content.withLock { $0.results[key] } }

    /// Keeps a finished build; timeouts and failures of the host are not kept, for they may pass.
    func keep(_ result: Result, for key: [UInt8]) {
        if case .verdict(let verdict, _) = result, verdict != .compileError { return }
        content.withLock { content in
            guard content.results.updateValue(result, forKey: key) == nil else { return }
            content.order.append(key)
            if content.order.count > Self.entries {
                content.results.removeValue(forKey: content.order.removeFirst())
            }
        }
    }

    /// What became of a build, from the facts of its run.
    static func result(of report: JobReport) -> Result {
        guard let role = report.roles.first else { return .verdict(.sandboxError, "the box reports nothing") }
        switch report.ending {
        case .wall, .cpu: return .verdict(.timeout, "compiling takes too long")
        case .output: return .verdict(.outputLimit, "the compiler says too much")
        case .memory: return .verdict(.oom, "compiling takes too much memory")
        case .starved: return .verdict(.starved, "compiling waited for a core")
        case .broken: return .verdict(.sandboxError, VerdictRules.oneLine(role.toldText))
        case .exited: break
        }
        if role.memoryKills > 0 { return .verdict(.oom, "compiling takes too much memory") }
        if role.signal == 24 { return .verdict(.timeout, "compiling takes too long") }
        if role.status == 0, !role.told.isEmpty { return .artifact(role.told) }
        let said = String(decoding: role.output + role.errors, as: UTF8.self)
        let line = said.split(separator: "\n").first { $0.contains(": error:") } ?? said.split(separator: "\n").first
        let detail = VerdictRules.oneLine(String(line ?? "status \(role.status)"))
        return role.exitCode > 1
            ? .verdict(.infrastructure, "the tests do not compile: \(detail)") : .verdict(.compileError, detail)
    }
}
