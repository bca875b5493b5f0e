import ArgumentParser
import Evaluation
import Execution
import Foundation
import Hubs
import Reports

struct DatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Lists, fetches and verifies problem sets.",
        subcommands: [List.self, Pull.self, Verify.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the problem sets that can be named.", discussion: "Example:\n  yuanbench dataset list")

        func run() throws {
            for entry in Datasets.library.list() {
                switch entry.declaration {
                case .success(let declaration):
                    let state = entry.hasData ? "ready" : "not fetched"
                    try Output.write("\(entry.name)\t\(state)\t\(declaration.description)\n")
                case .failure(let error): try Output.write("\(entry.name)\tdamaged\t\(error)\n")
                }
            }
        }
    }

    struct Pull: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetches a known problem set, or takes it from a file.",
            discussion: """
                humaneval comes by pip, the others by HTTPS from where their authors publish them; checksums are checked. \
                Offline, give a copy by --from.

                Example:
                  yuanbench dataset pull humaneval
                  yuanbench dataset pull mbpp
                  yuanbench dataset pull mbpp --from mbpp.jsonl
                """)

        @Argument(help: "One of: \(DatasetPull.names.joined(separator: ", ")).")
        var name: String

        @Option(name: .long, help: ArgumentHelp("The file to take it from.", valueName: "file"))
        var from: String?

        @Option(
            name: .long,
            help: ArgumentHelp("A mirror of raw.githubusercontent.com to fetch from.", valueName: "url"))
        var endpoint: String?

        @Flag(name: .long, help: "No progress.")
        var quiet = false

        mutating func validate() throws { try GivenPaths.refuseEmpty(["--from": from]) }

        func run() async throws {
            let library = Datasets.library
            guard from == nil, let files = PublicDatasets.table[name] else {
                return try take(from.map { URL(fileURLWithPath: $0) }, library)
            }
            let folder = library.cache.appendingPathComponent(".partial/\(name)")
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            } catch {
                throw Failure(
                    Exit.cannotWrite,
                    "\(folder.path): cannot be made a folder (\(error.localizedDescription)); set XDG_CACHE_HOME")
            }
            let source = try PublicDatasets(mirror: endpoint, environment: ProcessInfo.processInfo.environment)
            let display = quiet ? nil : TransferDisplay(label: name)
            defer { display?.finish() }
            display?.begin(bytes: files.reduce(0) { $0 + $1.size })
            var fetched: [URL] = []
            for file in files {
                fetched.append(try await source.fetch(file, into: folder) { display?.add(bytes: $0) })
            }
            display?.finish()
            for file in fetched { try take(file, library) }
            try? FileManager.default.removeItem(at: folder)
        }

        private func take(_ file: URL?, _ library: DatasetLibrary) throws {
            let outcome = try DatasetPull(library: library).pull(name, from: file)
            try Output.write("\(name)\t\(outcome.rows) rows\t\(outcome.file.path)\n")
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Proves that the reference solutions of a problem set pass its tests.",
            discussion: "Example:\n  yuanbench dataset verify yuanbench-python")

        @Argument(help: "Names or paths of problem sets.")
        var datasets: [String]

        @OptionGroup var box: BoxArguments

        @Flag(name: .long, help: "Print the result as JSON on stdout, and nothing else there.")
        var json = false

        mutating func validate() throws { try GivenPaths.refuseEmpty("DATASETS", datasets) }

        func run() async throws {
            var failures = 0
            var document = VerifiedDatasets()
            for name in datasets {
                let dataset = try Datasets.library.load(name)
                let runner = try await box.runner(for: [dataset], quiet: json)
                let verifier = try DatasetVerifier(dataset: dataset, runner: runner.runner, workers: box.jobs)
                let progress = ProgressDisplay(label: dataset.declaration.name, total: dataset.problems.count)
                let result = await verifier.verify { done, _ in progress.update { $0.done = done } }
                progress.finish()
                try Task.checkCancellation()
                failures += result.failures.count
                if json {
                    document.add(dataset, result, isolation: runner.record.level)
                    continue
                }
                for failure in result.failures {
                    try Output.write("\(failure.id)\t\(failure.verdict.rawValue)\t\(failure.detail)\n")
                }
                for (id, reason) in result.skipped.sorted(by: { $0.key < $1.key }) {
                    try Output.write("\(id)\tskipped\t\(reason)\n")
                }
                try Output.write("\(dataset.declaration.name)\t\(result.passed)/\(result.total) passed\n")
            }
            if json { try Output.write(try document.json()) }
            if failures > 0 { throw Failure(Exit.badInput, "\(failures) reference solutions do not pass") }
        }
    }
}

/// What `dataset verify --json` prints.
private struct VerifiedDatasets: Encodable {
    struct Entry: Encodable {
        var name, version, sha256, isolation: String
        var passed, total: Int
        var failures: [Failure]
        /// Reasons by id.
        var skipped: [String: String]
    }
    struct Failure: Encodable { var id, verdict, detail: String }

    var datasets: [Entry] = []

    mutating func add(_ dataset: Dataset, _ result: DatasetVerifier.Result, isolation: String) {
        datasets.append(
            Entry(
                name: dataset.declaration.name, version: dataset.declaration.version,
                sha256: Dataset.sha256(of: dataset.problems), isolation: isolation, passed: result.passed,
                total: result.total,
                failures: result.failures.map { Failure(id: $0.id, verdict: $0.verdict.rawValue, detail: $0.detail) },
                skipped: result.skipped))
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

enum Datasets {
    static var library: DatasetLibrary {
        DatasetLibrary.standard(
            currentDirectory: URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
            executable: Bundle.main.executableURL, environment: ProcessInfo.processInfo.environment)
    }
}
