import CBox

/// One process of a job, as the box starts it.
struct Role: Sendable {
    enum Kind: UInt32, Sendable {
        /// A program of its own.
        case program = 0
        /// A fork of the warm Python interpreter; `numpy` is the one that has numpy loaded.
        case python = 1
        case numpy = 2
    }

    var kind: Kind
    /// Whether it is joined to the other role by the channel.
    var hasChannel = false
    var mayTell = false
    /// Runs only the data set's own text.
    var isTrusted = false
    var payload: [UInt8] = []
    /// What may be told only after the last test.
    var secret: [UInt8]?
    var stdin: [UInt8] = []
    var arguments: [String] = []
    /// Files of the work folder by name, with their modes.
    var files: [(name: String, mode: UInt32, bytes: [UInt8])] = []
    var limits: TestLimits
    var toldBytes = 1 << 16
    /// Whether the memory limit may be put on the address space, which some runtimes reserve far more of than they use.
    var limitsAddressSpace = true

    init(_ kind: Kind, limits: TestLimits) {
        self.kind = kind
        self.limits = limits
    }

    /// Files and folders that a program may have at one time: each costs kernel memory.
    static let maximumFiles = 20_000

    /// The header and what follows it.
    var bytes: [UInt8] {
        var header = yb_role()
        header.kind = kind.rawValue
        if hasChannel { header.flags |= YB_ROLE_CHANNEL }
        if mayTell { header.flags |= YB_ROLE_TOLD }
        if isTrusted { header.flags |= YB_ROLE_TRUSTED }
        if secret != nil { header.flags |= YB_ROLE_SECRET }
        header.cpu_ms = UInt64((min(max(limits.cpuSeconds, 0.001), 86_400) * 1000).rounded(.up))
        header.memory_bytes = UInt64(max(limits.memoryBytes, 1 << 20))
        header.work_bytes = UInt64(max(limits.workDirectoryBytes, 1 << 16))
        header.output_bytes = UInt64(max(limits.outputBytes, 1))
        header.told_bytes = UInt64(toldBytes)
        header.processes = UInt32(clamping: max(limits.processes, 1))
        header.files = UInt32(Self.maximumFiles)
        header.address_space = limitsAddressSpace ? 1 : 0
        let payload = payload + (secret ?? [])
        var words: [UInt8] = []
        for argument in arguments { words += Array(argument.utf8) + [0] }
        var contents: [UInt8] = []
        for file in files {
            var entry = yb_file()
            entry.mode = file.mode
            entry.name_bytes = UInt32(file.name.utf8.count)
            entry.bytes = UInt32(file.bytes.count)
            contents += withUnsafeBytes(of: entry) { Array($0) }
            contents += Array(file.name.utf8)
            contents += file.bytes
        }
        header.payload_bytes = UInt32(payload.count)
        header.secret_bytes = UInt32(secret?.count ?? 0)
        header.stdin_bytes = UInt32(stdin.count)
        header.arguments_bytes = UInt32(words.count)
        header.contents_bytes = UInt32(contents.count)
        var bytes = withUnsafeBytes(of: header) { Array($0) }
        for part in [payload, stdin, words, contents] { bytes += part }
        return bytes
    }
}

/// What the box saw of one role; facts only.
struct RoleReport: Sendable {
    enum State: UInt32, Sendable { case absent, exited, killed }

    var state: State
    /// Status as `wait` gives it: signal in the low seven bits, exit code in the next byte.
    var status: Int
    var cpuSeconds: Double
    /// How long it was runnable but had no core.
    var waitedSeconds: Double
    /// Processes that the kernel killed for lack of memory.
    var memoryKills: Int
    var output: [UInt8]
    var errors: [UInt8]
    /// What came out of the pipe on which a role tells how it went.
    var told: [UInt8]

    var signal: Int { status & 0x7f }
    var exitCode: Int { (status >> 8) & 0xff }
    var toldText: String { String(decoding: told, as: UTF8.self) }
}

/// What the box saw of one job.
struct JobReport: Sendable {
    enum Ending: UInt32, Sendable { case exited, wall, output, memory, cpu, starved, broken }

    var ending: Ending
    var wallSeconds: Double
    var roles: [RoleReport]
}
