import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A language besides Python whose programs the box runs: what it needs, how a program is built, and which processes
/// judge it. A new language is a file and a line in `table`.
struct Language: Sendable {
    /// The processes of a job once its program is built: `artifact` is what the build told, `secret` what may be told
    /// only after the last test.
    typealias Roles = @Sendable (_ artifact: [UInt8], _ secret: [UInt8]) -> [Role]

    /// Programs that must be found; the first one's version is reported.
    var tools: [String]
    /// How to get them, as a command.
    var mend: String
    var mode: TestMode
    /// The build, which tells its result over descriptor 4 (nil for interpreted languages), and what comes after it.
    var plan: @Sendable (_ job: TestJob, _ toolchain: Toolchain) -> (build: Role?, roles: Roles)

    static let table: [String: Language] = [
        "cpp": .cPlusPlus, "js": .javaScript, "sh": .bash, "swift": .swift,
    ]

    /// Names that data sets use besides those of the table.
    static let otherNames = ["c++": "cpp", "javascript": "js", "bash": "sh", "py": "python"]

    static func name(_ name: String) -> String { otherNames[name.lowercased()] ?? name.lowercased() }

    /// The program text, closed where its last function is still open because the row's tests close it.
    static func closed(_ text: String) -> String {
        let open = text.count { $0 == "{" } - text.count { $0 == "}" }
        return open > 0 ? text + "\n}\n" : text + "\n"
    }

    /// The tests without the brace that closes the function of the prompt.
    static func opened(_ tests: String) -> String { tests.hasPrefix("}") ? String(tests.dropFirst()) : tests }

    /// What compilers may use.
    static var buildLimits: TestLimits {
        var limits = TestLimits()
        limits.cpuSeconds = 20
        limits.wallMarginSeconds = 10
        limits.memoryBytes = 1 << 30
        limits.processes = 64
        limits.workDirectoryBytes = 256 << 20
        limits.outputBytes = 256 << 10
        return limits
    }

    static func build(script: String, files: [(String, String)], limits: TestLimits = buildLimits) -> Role {
        var role = Role(.program, limits: limits)
        role.mayTell = true
        role.toldBytes = 24 << 20
        role.limitsAddressSpace = false
        role.arguments = ["/bin/sh", "build.sh"]
        role.files = (files + [("build.sh", script)]).map { ($0.0, 0o444, Array($0.1.utf8)) }
        return role
    }

    /// A built program that gets the secret.
    static func program(_ artifact: [UInt8], secret: [UInt8], job: TestJob, limitsAddressSpace: Bool) -> Role {
        var role = Role(.program, limits: job.limits)
        role.mayTell = true
        role.secret = secret
        role.limitsAddressSpace = limitsAddressSpace
        role.arguments = ["./program"]
        role.files = [("program", 0o555, artifact)]
        return role
    }

    /// Candidate and judge as two runs of one interpreter.
    static func pair(
        _ job: TestJob, interpreter: [String], suffix: String, candidate: String, judge: String, tests: String,
        limitsAddressSpace: Bool
    ) -> [Role] {
        func role(_ runner: String, _ name: String, _ text: String, _ limits: TestLimits) -> Role {
            var role = Role(.program, limits: limits)
            role.hasChannel = true
            role.limitsAddressSpace = limitsAddressSpace
            role.arguments = interpreter + ["runner.\(suffix)", job.entryPoint ?? ""]
            role.files = [
                ("runner.\(suffix)", 0o444, Array(runner.utf8)), ("\(name).\(suffix)", 0o444, Array(text.utf8)),
            ]
            return role
        }
        var judge = role(judge, "tests", tests, PythonRoles.judgeLimits(job.limits))
        judge.mayTell = true
        judge.isTrusted = true
        return [role(candidate, "solution", closed(job.candidate), job.limits), judge]
    }
}

/// The programs of one language on this host.
struct Toolchain: Sendable {
    /// Path by name.
    var tools: [String: String]
    var version: String

    /// Nil where a tool is missing.
    static func find(_ language: Language, in folders: String) async -> Toolchain? {
        var tools: [String: String] = [:]
        for tool in language.tools {
            guard let path = ProgramSearch.find(tool, in: folders) else { return nil }
            tools[tool] = path
        }
        guard let first = language.tools.first.flatMap({ tools[$0] }) else { return nil }
        let answer = try? await Subprocess.run(
            .path(FilePath(first)), arguments: ["--version"], output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16))
        let line = (answer?.standardOutput ?? "").split(separator: "\n").first.map(String.init) ?? "unknown"
        return Toolchain(tools: tools, version: line)
    }

    subscript(tool: String) -> String { tools[tool] ?? tool }

    /// Folders it needs to see besides /usr and its like.
    var visible: [String] {
        tools.values.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
            .filter { !$0.hasPrefix("/usr/") && !$0.hasPrefix("/bin/") }
            .map { $0.split(separator: "/").dropLast(2).map { "/" + $0 }.joined() }
            .filter { !$0.isEmpty }
    }
}
