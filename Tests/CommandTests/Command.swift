import Foundation
import TestSupport
import Testing

/// The built binary, run as a user does.
struct Command {
    let status: Int32
    /// True when a signal ended it: never acceptable unless the test sent it.
    let wasKilled: Bool
    let out: String
    let err: String

    /// Stands beside the bundle of tests.
    static let binary = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0])
        .deletingLastPathComponent().appendingPathComponent("yuanbench")

    static func process(_ arguments: [String], in folder: URL) -> Process {
        let process = Process()
        process.executableURL = binary
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        environment["XDG_CACHE_HOME"] = folder.appendingPathComponent("cache").path
        environment["YUANBENCH_DATASETS"] = nil
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// Runs to the end. Output goes to files, so that no pipe can fill up.
    static func run(_ arguments: [String], in folder: URL) throws -> Command {
        let process = process(arguments, in: folder)
        let (out, err) = (folder.appendingPathComponent("out"), folder.appendingPathComponent("err"))
        for url in [out, err] { try Data().write(to: url) }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        try process.run()
        process.waitUntilExit()
        return Command(
            status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
            out: try String(contentsOf: out, encoding: .utf8), err: try String(contentsOf: err, encoding: .utf8))
    }
}

/// A folder that goes away with the test.
final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("yuanbench-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, to name: String) throws -> String {
        let file = url.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}

enum Tiny {
    static let yuan = Fixtures.url("golden/yuan-tiny").path
}
