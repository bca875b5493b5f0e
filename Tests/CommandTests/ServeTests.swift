import Foundation
import TestSupport
import Testing

/// `yuanbench serve` as a user starts and stops it; ServerTests has what it answers.
struct ServeTests {
    private final class Serving {
        let process: Process
        let address: String
        private let out = Pipe()

        init(_ arguments: [String], in folder: URL) throws {
            process = Command.process(["serve", "--port", "0"] + arguments, in: folder)
            process.standardOutput = out
            process.standardError = FileHandle.nullDevice
            try process.run()
            address = String(decoding: out.fileHandleForReading.availableData, as: UTF8.self)
                .trimmingCharacters(in: .newlines)
        }

        /// Sends a signal and waits for the end.
        func end(by signal: Int32) -> Int32 {
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func servesUntilASignalAndEndsWell(signal: Int32) throws {
        let folder = try Folder()
        let serving = try Serving([], in: folder.url)
        #expect(serving.address.hasPrefix("http://127.0.0.1:"), "\(serving.address)")
        let url = try #require(URL(string: serving.address + "/v1/models"))
        #expect(String(decoding: try Data(contentsOf: url), as: UTF8.self).contains("yuan2-nano"))
        #expect(serving.end(by: signal) == 0 && serving.process.terminationReason == .exit)
    }

    @Test func othersAreLetInOnPurposeAlone() throws {
        let folder = try Folder()
        let refused = try Command.run(["serve", "--host", "0.0.0.0", "--port", "0"], in: folder.url)
        #expect(refused.status == 64 && refused.err.contains("YUANBENCH_SERVE_KEY"), "\(refused.err)")
        #expect(refused.out.isEmpty)
        let empty = try folder.write("\n", to: "key")
        let none = try Command.run(["serve", "--port", "0", "--api-key-file", empty], in: folder.url)
        #expect(none.status == 64 && none.err.contains("holds no key"), "\(none.err)")
    }

    @Test func aTakenPortIsSaidSo() throws {
        let folder = try Folder()
        let serving = try Serving([], in: folder.url)
        let port = String(serving.address.split(separator: ":").last ?? "")
        let second = try Command.run(["serve", "--port", port], in: folder.url)
        #expect(second.status == 69 && second.err.contains("--port"), "\(second.err)")
        #expect(serving.end(by: SIGTERM) == 0)
    }
}
