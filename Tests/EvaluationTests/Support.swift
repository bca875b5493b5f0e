import Evaluation
import Execution
import Foundation
import Generation
import RunRecords
import Synchronization
import TestSupport

/// A folder that goes away with the test.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("evaluation-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    @discardableResult func write(_ text: String, to name: String) throws -> URL {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file
    }

    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url.appendingPathComponent(name))) }
}

/// Answers requests from a table, in reverse order; a request without an answer fails.
final class TableGenerator: Generator {
    let answers: [String: String]
    /// Ends after so many answers, as a killed process would.
    let endsAfter: Int?
    let asked = Mutex<[GenerationRequest]>([])

    init(_ answers: [String: String], endsAfter: Int? = nil) {
        self.answers = answers
        self.endsAfter = endsAfter
    }

    struct Ended: Error {}

    func generate(_ requests: [GenerationRequest]) -> AsyncThrowingStream<GenerationEvent, any Error> {
        asked.withLock { $0 += requests }
        return AsyncThrowingStream { continuation in
            for (index, request) in requests.reversed().enumerated() {
                if let endsAfter, index == endsAfter {
                    // The answers so far shall reach their tests first.
                    Task {
                        try? await Task.sleep(for: .milliseconds(1500))
                        continuation.finish(throwing: Ended())
                    }
                    return
                }
                if let answer = answers[request.id] {
                    continuation.yield(.text(id: request.id, delta: answer, steps: []))
                    continuation.yield(
                        .finished(
                            GenerationResult(
                                id: request.id, text: answer, promptTokens: [1, 2, 3], tokens: [5, 258],
                                finishReason: .eos,
                                timing: SequenceTiming(timeToFirstToken: 0.5, interToken: [0.25, 0.25]))))
                } else {
                    continuation.yield(.failed(id: request.id, reason: "the prompt is too long"))
                }
            }
            continuation.finish()
        }
    }

    var statistics: GenerationStatistics { get async { GenerationStatistics() } }
}

/// Passes candidates that contain a word, and remembers what it ran.
final class WordRunner: TestRunner {
    let word: String
    let verdictOtherwise: Verdict
    let jobs = Mutex<[TestJob]>([])

    init(passing word: String, otherwise: Verdict = .failed) {
        self.word = word
        verdictOtherwise = otherwise
    }

    func run(_ job: TestJob) async -> TestOutcome {
        jobs.withLock { $0.append(job) }
        let passed = job.candidate.contains(word)
        return TestOutcome(
            verdict: passed ? .passed : verdictOtherwise, detail: passed ? "" : "AssertionError", cpuSeconds: 0.01,
            wallSeconds: 0.02, mode: job.mode)
    }
}

/// Runs candidate and tests with the system's Python, unboxed: for trusted references only.
struct PlainPython: TestRunner {
    func run(_ job: TestJob) async -> TestOutcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-I", "-"]
        let input = Pipe()
        let errors = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        do { try process.run() } catch {
            return TestOutcome(verdict: .skipped, detail: "\(error)", cpuSeconds: 0, wallSeconds: 0, mode: job.mode)
        }
        input.fileHandleForWriting.write(Data((job.candidate + "\n" + job.tests).utf8))
        try? input.fileHandleForWriting.close()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return TestOutcome(
            verdict: process.terminationStatus == 0 ? .passed : .failed, detail: String(text.suffix(200)),
            cpuSeconds: 0,
            wallSeconds: 0, mode: job.mode)
    }
}

/// A small native set of both kinds, written into a folder.
enum TinySets {
    static let python = """
        {"name": "tiny", "version": "3", "description": "Tiny.", "licence": "Apache-2.0", "kind": "python-tests",
         "prompt": {"style": "completion", "chat": "{text}", "chat_prefill": "```python\\n", "system": "Be brief."},
         "stop": {"completion": ["\\ndef "], "chat": ["\\n```\\n"]}, "max_new_tokens": 64,
         "scorer": {"limits": {"cpu_seconds": 1.5}}}
        """

    static func row(_ name: String) -> String {
        #"{"id": "t/\#(name)", "prompt": "def \#(name)():\n", "text": "Return \#(name).", "text_zh": "返回 \#(name)。", "entry_point": "\#(name)", "#
            + #""solution": "def \#(name)():\n    return '\#(name)'\n", "tests": ["assert \#(name)() == '\#(name)'"], "tags": ["t"], "difficulty": "very easy"}"#
            + "\n"
    }

    static func writePython(_ names: [String], to folder: TemporaryFolder) throws -> Dataset {
        try folder.write(python, to: "tiny/dataset.json")
        try folder.write(names.map(row).joined(), to: "tiny/problems.jsonl")
        return try DatasetLoader.load(folder: folder.url.appendingPathComponent("tiny"))
    }
}

func manifest(_ runs: [RunIdentity]) -> RunManifest {
    RunManifest(
        tool: ToolRecord(name: "yuanbench", version: "0", build: "test"), createdAt: "2026-01-01T00:00:00Z",
        command: ["yuanbench", "eval"], host: nil, runs: runs)
}

/// Answers one request and then waits until it is stopped.
final class HangingGenerator: Generator {
    let first: String
    let stopped = Mutex(false)

    init(first: String) { self.first = first }

    func generate(_ requests: [GenerationRequest]) -> AsyncThrowingStream<GenerationEvent, any Error> {
        AsyncThrowingStream { continuation in
            continuation.onTermination = { _ in self.stopped.withLock { $0 = true } }
            continuation.yield(
                .finished(
                    GenerationResult(
                        id: first, text: "good", promptTokens: [], tokens: [], finishReason: .stop,
                        timing: SequenceTiming(timeToFirstToken: 0, interToken: []))))
        }
    }

    var statistics: GenerationStatistics { get async { GenerationStatistics() } }
}
