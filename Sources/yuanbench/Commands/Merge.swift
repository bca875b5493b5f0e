import ArgumentParser
import Evaluation
import Foundation
import RunRecords

struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Joins the shards of one evaluation into one report.",
        discussion: """
            Every shard of 'eval --shard i/n' must be there once, finished, with the same model, problems, settings, \
            version of yuanbench, kernels and BLAS.

            Example:
              yuanbench merge runs/part-* --output runs/whole
            """)

    @Argument(help: ArgumentHelp("The shards' folders, in any order.", valueName: "run"))
    var runs: [String]

    @Option(name: .long, help: ArgumentHelp("Folder of the joined report.", valueName: "folder"))
    var output: String

    @Flag(name: .long, help: "Accept shards from hosts with different kernels or BLAS.")
    var mixedHosts = false

    @Flag(name: .long, help: "No table.")
    var quiet = false

    @Flag(name: .long, help: "Print the report as JSON on stdout, and nothing else there.")
    var json = false

    mutating func validate() throws {
        try GivenPaths.refuseEmpty("RUN", runs)
        try GivenPaths.refuseEmpty(["--output": output])
    }

    func run() throws {
        let folder = URL(fileURLWithPath: output)
        for name in ["run.json", "report.json"]
        where FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) {
            throw Failure(Exit.badInput, "\(output): holds a run already; choose another --output")
        }
        let sources = try runs.map { ShardMerge.Source(name: $0, report: try ReportFile.read($0)) }
        let blank = RunDirectory.report(host: sources[0].report.host, runs: [])
        let report = try ShardMerge(sources, mixedHosts: mixedHosts).report(
            createdAt: blank.createdAt, command: blank.command)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                Exit.cannotWrite,
                "\(output): cannot be made a folder (\(error.localizedDescription)); choose another --output")
        }
        try RunDirectory.finish(report, in: folder, json: json, quiet: quiet)
    }
}
