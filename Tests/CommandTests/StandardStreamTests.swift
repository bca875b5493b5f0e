import Foundation
import TestSupport
import Testing

/// Standard output as shells leave it: full, closed, or a pipe nobody reads.
struct StandardStreamTests {
    /// The exit code and what was said, of a line for the shell in which $0 is the binary.
    private func shell(_ line: String, in folder: Folder) throws -> (status: Int32, err: String) {
        let process = Command.process([], in: folder.url)
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "set -o pipefail; \(line)", Command.binary.path]
        let err = folder.url.appendingPathComponent("err")
        try Data().write(to: err)
        process.standardError = try FileHandle(forWritingTo: err)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        return (process.terminationStatus, try String(contentsOf: err, encoding: .utf8))
    }

    @Test(arguments: ["dataset list", "--version", "--help", "model list --json"])
    func aFullDiskIsTold(_ arguments: String) throws {
        let run = try shell("\"$0\" \(arguments) >/dev/full", in: try Folder())
        #expect(run.status == 74 && run.err.contains("standard output: cannot be written"), "\(run)")
    }

    @Test func aReaderThatWentAwayIsNoFailure() throws {
        #expect(try shell("\"$0\" dataset list | true", in: try Folder()).status == 0)
    }

    /// Else the first file that is opened would become standard output.
    @Test func closedStreamsAreOpened() throws {
        let folder = try Folder()
        let run = try shell("\"$0\" dataset list <&- >&-", in: folder)
        #expect(run.status == 0 && run.err.isEmpty, "\(run)")
        #expect(try shell("\"$0\" frobnicate <&- >&- 2>&-", in: folder).status == 64)
    }

    @Test func promptsComeFromPipes() throws {
        let run = try shell(
            "\"$0\" generate --model '\(Tiny.yuan)' --max-new-tokens 1 --prompt-file <(echo hi) >/dev/null",
            in: try Folder())
        #expect(run.status == 0, "\(run)")
    }
}
