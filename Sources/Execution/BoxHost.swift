import Foundation
import Synchronization

/// What boxes on this host are made of.
struct BoxHost: Sendable {
    var program: BoxProgram
    var layers: BoxLayers
    var interpreter: Interpreter
    /// By name in the table of languages; those that were asked for and found.
    var toolchains: [String: Toolchain]
    /// A variable in the environment of the box itself, which must not be seen inside.
    var canary: String?

    init(
        program: BoxProgram, layers: BoxLayers, interpreter: Interpreter, toolchains: [String: Toolchain] = [:],
        canary: String? = nil
    ) {
        self.program = program
        self.layers = layers
        self.interpreter = interpreter
        self.toolchains = toolchains
        self.canary = canary
    }

    /// Real user ids are taken from here on; below 65536, which is all that many containers map.
    private static let firstUser = 20_000
    private static let users = 40_000
    private static let system = [
        "/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/alternatives",
    ]

    var versions: [String: String] {
        toolchains.mapValues(\.version).merging(["python": interpreter.version]) { $1 }
    }

    /// Cells this process has made. No two cells share user ids, or programs of one would count in the other's limits.
    private static let cells = Atomic(0)

    func setup() -> Cell.Setup {
        let cell = Self.cells.add(1, ordering: .relaxed).oldValue
        let number = Int(ProcessInfo.processInfo.processIdentifier) * 64 + cell
        return Cell.Setup(
            program: program, layers: layers, firstUser: UInt32(Self.firstUser + 2 * number % Self.users),
            visible: Self.system + interpreter.visible + Set(toolchains.values.flatMap(\.visible)).sorted(),
            environment: interpreter.environment,
            interpreter: interpreter.command, canary: canary)
    }
}
