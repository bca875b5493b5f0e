import Evaluation
import Foundation
import RunRecords
import TestSupport
import Testing

@Suite struct JournalTests {
    let identity = RunIdentity(key: "set/bf16", settings: ["dtype": "bf16", "model_sha256": "ab"])

    func record(_ id: String, verdict: String = "passed") -> ProblemRecord {
        ProblemRecord(
            id: id, verdict: verdict, detail: "a \"quoted\"\nline \u{2028} 中", extracted: "x", completion: "y",
            extraction: "none",
            tokensSha256: "00", tokens: [1, 2], ttftS: 0.1, scores: ["strictRule": 1])
    }

    @Test func recordsSurviveAndResume() async throws {
        let folder = try TemporaryFolder()
        let records = (0..<40).map { record("p/\($0)") }
        do {
            let journal = try Journal(directory: folder.url, manifest: manifest([identity]), resume: false)
            #expect(journal.recovery.records.isEmpty)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for record in records { group.addTask { try await journal.append(record, run: "set/bf16") } }
                try await group.waitForAll()
            }
        }
        #expect(try folder.read("results.jsonl").count { $0 == 0x0A } == 40)
        let again = try Journal(directory: folder.url, manifest: manifest([identity]), resume: true)
        let found = try #require(again.recovery.records["set/bf16"])
        #expect(Set(found.map(\.id)) == Set(records.map(\.id)))
        #expect(found.first { $0.id == "p/7" } == records[7])
        #expect(again.recovery.setAsideBytes == 0)
        #expect(try Journal.records(in: folder.url)["set/bf16"]?.count == 40)
    }

    @Test func truncationAtEveryByteLosesOnlyTheTornLine() async throws {
        let folder = try TemporaryFolder()
        let source = folder.url.appendingPathComponent("source")
        do {
            let journal = try Journal(directory: source, manifest: manifest([identity]), resume: false)
            for id in ["a", "b", "c"] { try await journal.append(record(id), run: "set/bf16") }
        }
        let whole = try folder.read("source/results.jsonl")
        let ends = whole.indices.filter { whole[$0] == 0x0A }.map { $0 + 1 }
        #expect(ends.count == 3)
        let copy = folder.url.appendingPathComponent("copy")
        for length in 0...whole.count {
            try? FileManager.default.removeItem(at: copy)
            try FileManager.default.copyItem(at: source, to: copy)
            try Data(whole[..<length]).write(to: copy.appendingPathComponent("results.jsonl"))
            let kept = ends.filter { $0 <= length }
            do {
                let journal = try Journal(directory: copy, manifest: manifest([identity]), resume: true)
                #expect(journal.recovery.records["set/bf16"]?.count ?? 0 == kept.count)
                #expect(journal.recovery.setAsideBytes == length - (kept.last ?? 0))
                if length.isMultiple(of: 97) { try await journal.append(record("d"), run: "set/bf16") }
            }
            let after = try folder.read("copy/results.jsonl")
            #expect(after.starts(with: whole[..<(kept.last ?? 0)]))
            let torn = (try? folder.read("copy/results.torn")) ?? []
            #expect(torn == Array(whole[(kept.last ?? 0)..<length]))
            if length.isMultiple(of: 97) {
                #expect(
                    try Journal.records(in: copy)["set/bf16"]?.map(\.id) == ["a", "b", "c"].prefix(kept.count) + ["d"])
            }
        }
    }

    @Test func aDamagedLineIsSetAsideAndTheOthersStay() async throws {
        let folder = try TemporaryFolder()
        do {
            let journal = try Journal(directory: folder.url, manifest: manifest([identity]), resume: false)
            for id in ["a", "b", "c"] { try await journal.append(record(id), run: "set/bf16") }
        }
        var bytes = try folder.read("results.jsonl")
        // A letter of the verdict: the line stays good JSON, only its checksum tells.
        let newline = try #require(bytes.firstIndex(of: 0x0A))
        let second = try #require(bytes[newline...].firstRange(of: Array("passed".utf8))).lowerBound
        bytes[second] ^= 1
        try Data(bytes).write(to: folder.url.appendingPathComponent("results.jsonl"))
        let journal = try Journal(directory: folder.url, manifest: manifest([identity]), resume: true)
        #expect(journal.recovery.records["set/bf16"]?.map(\.id) == ["a", "c"])
        #expect(journal.recovery.setAsideBytes > 0)
        #expect(try Journal.records(in: folder.url)["set/bf16"]?.count == 2)
    }

    @Test func theLaterOfTwoRecordsCounts() async throws {
        let folder = try TemporaryFolder()
        do {
            let journal = try Journal(directory: folder.url, manifest: manifest([identity]), resume: false)
            try await journal.append(record("a", verdict: "infrastructure"), run: "set/bf16")
            try await journal.append(record("a"), run: "set/bf16")
        }
        #expect(try Journal.records(in: folder.url)["set/bf16"]?.map(\.verdict) == ["passed"])
    }

    @Test func anotherRunIsRefusedWithTheDifference() throws {
        let folder = try TemporaryFolder()
        do { _ = try Journal(directory: folder.url, manifest: manifest([identity]), resume: false) }
        let untouched = try folder.read("run.json")
        let again = #expect(throws: EvaluationError.self) {
            _ = try Journal(directory: folder.url, manifest: manifest([identity]), resume: false)
        }
        #expect(again?.message.contains("add --resume") == true)
        var other = identity
        other.settings["model_sha256"] = "cd"
        let differs = #expect(throws: EvaluationError.self) {
            _ = try Journal(directory: folder.url, manifest: manifest([other]), resume: true)
        }
        #expect(differs?.kind == .badInput)
        #expect(differs?.message.contains("set/bf16: model_sha256 is cd and was ab") == true)
        let more = RunIdentity(key: "set/fp16", settings: [:])
        let extra = #expect(throws: EvaluationError.self) {
            _ = try Journal(directory: folder.url, manifest: manifest([identity, more]), resume: true)
        }
        #expect(extra?.message.contains("run set/fp16 is new") == true)
        #expect(throws: EvaluationError.self) {
            _ = try Journal(directory: folder.url, manifest: manifest([]), resume: true)
        }
        #expect(try folder.read("run.json") == untouched)
        #expect(throws: Never.self) {
            _ = try Journal(directory: folder.url, manifest: manifest([identity]), resume: true)
        }
    }

    @Test func resultsWithoutTheirRunAreRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write("{}\n", to: "results.jsonl")
        for resume in [true, false] {
            #expect(throws: EvaluationError.self) {
                _ = try Journal(directory: folder.url, manifest: manifest([identity]), resume: resume)
            }
        }
        for (text, words) in [("{\"broken\": ", "not whole and valid JSON"), ("{}", "is missing")] {
            try folder.write(text, to: "run.json")
            let error = #expect(throws: EvaluationError.self) {
                _ = try Journal(directory: folder.url, manifest: manifest([identity]), resume: true)
            }
            #expect(error?.message.contains(words) == true && error?.message.contains("DecodingError") == false)
        }
    }

    @Test func aSecondWriterIsRefusedByNumber() throws {
        let folder = try TemporaryFolder()
        let first = try Journal(directory: folder.url, manifest: manifest([identity]), resume: false)
        let error = #expect(throws: EvaluationError.self) {
            _ = try Journal(directory: folder.url, manifest: manifest([identity]), resume: true)
        }
        #expect(
            error?.message.contains("process \(getpid()) on \(ProcessInfo.processInfo.hostName) is writing this run")
                == true)
        _ = first
    }

    /// In a process of its own, since a limit on file sizes holds for all of a process. It makes the kernel write a part
    /// and then refuse, as a full disk does.
    @Test func aFullDiskRollsBackToTheLastWholeRecord() async throws {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let tests = JournalTests()
            let journal = try Journal(directory: folder.url, manifest: manifest([tests.identity]), resume: false)
            try await journal.append(tests.record("a"), run: "set/bf16")
            let length = try folder.read("results.jsonl").count
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: rlim_t(length + 20), rlim_max: rlim_t(length + 20))
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            for id in ["b", "c"] {
                let error = await #expect(throws: EvaluationError.self) {
                    try await journal.append(tests.record(id), run: "set/bf16")
                }
                #expect(error?.kind == .cannotWrite)
                #expect(error?.message.contains("1 results are safe") == true)
            }
            #expect(try folder.read("results.jsonl").count == length)
            #expect(try Journal.records(in: folder.url)["set/bf16"]?.map(\.id) == ["a"])
        }
    }

    /// On a real full disk, where the host lets us make one.
    @Test func theReserveTakesWhatIsUnderWay() async throws {
        let folder = try TemporaryFolder()
        let disk = folder.url.appendingPathComponent("disk")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
        guard mount("none", disk.path, "tmpfs", 0, "size=1200k") == 0 else {
            return print("skipped: this user may not mount a small disk")
        }
        defer { umount2(disk.path, Int32(MNT_DETACH)) }
        do {
            let journal = try Journal(
                directory: disk.appendingPathComponent("run"), manifest: manifest([identity]), resume: false)
            #expect(FileManager.default.fileExists(atPath: disk.path + "/run/reserve"))
            var large = record("a")
            large.completion = String(repeating: "x", count: 100_000)
            try await journal.append(large, run: "set/bf16")
            for id in ["b", "c"] {
                // Too large for what is left, not for the reserve: kept, and the run is told to stop.
                large.id = id
                let error = await #expect(throws: EvaluationError.self) {
                    try await journal.append(large, run: "set/bf16")
                }
                #expect(error?.kind == .cannotWrite)
            }
            #expect(!FileManager.default.fileExists(atPath: disk.path + "/run/reserve"))
            let error = await #expect(throws: EvaluationError.self) { try await journal.check() }
            #expect(error?.message.contains("3 results are safe") == true)
        }
        #expect(
            try Journal.records(in: disk.appendingPathComponent("run"))["set/bf16"]?.map(\.id) == ["a", "b", "c"])
        // A disk that cannot hold the reserve is refused before any work.
        let error = #expect(throws: EvaluationError.self) {
            _ = try Journal(
                directory: disk.appendingPathComponent("other"), manifest: manifest([identity]), resume: false)
        }
        #expect(error?.kind == .cannotWrite)
        #expect(error?.message.contains("a run needs 1 MiB to begin") == true)
    }

    @Test func theReserveIsGoneAfterTheRun() async throws {
        let folder = try TemporaryFolder()
        let journal = try Journal(directory: folder.url, manifest: manifest([identity]), resume: false)
        let reserve = folder.url.appendingPathComponent("reserve").path
        #expect(FileManager.default.fileExists(atPath: reserve))
        await journal.finish()
        #expect(!FileManager.default.fileExists(atPath: reserve))
    }

    @Test func aKilledWritersFilesAreTakenAway() async throws {
        let folder = try TemporaryFolder()
        let left = [".report.json.4711.tmp", "charts/.kl.svg.4711.tmp"]
        let kept = [".notes.tmp", "report.json", ".report.json.4711"]
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("charts"), withIntermediateDirectories: true)
        for name in left + kept { try Data([1]).write(to: folder.url.appendingPathComponent(name)) }
        let journal = try Journal(directory: folder.url, manifest: manifest([identity]), resume: false)
        await journal.finish()
        func exists(_ name: String) -> Bool {
            FileManager.default.fileExists(atPath: folder.url.appendingPathComponent(name).path)
        }
        #expect(!left.contains(where: exists) && kept.allSatisfy(exists))
    }

    @Test func atomicWriteLeavesTheOldFileOnFailure() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("report.json")
        try AtomicFile.write(Array("one".utf8), to: file)
        try AtomicFile.write(Array("two".utf8), to: file)
        #expect(try folder.read("report.json") == Array("two".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["report.json"])
        let error = #expect(throws: EvaluationError.self) {
            try AtomicFile.write([], to: folder.url.appendingPathComponent("absent/report.json"))
        }
        #expect(error?.kind == .cannotWrite)
        // A folder in the way: the rename fails, and the temporary file is gone again.
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("d/x"), withIntermediateDirectories: true)
        #expect(throws: EvaluationError.self) { try AtomicFile.write([1], to: folder.url.appendingPathComponent("d")) }
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.url.path)) == ["report.json", "d"])
    }
}
