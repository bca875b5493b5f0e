import Foundation
import RunRecords

/// The runs of a folder: one level of folders that hold a `report.json`.
///
/// No name of a client becomes a path: it is looked for among the names that the folder lists. Symbolic links are passed
/// over, so nothing outside the folder is reached.
actor RunShelf {
    /// Of a report that is read at all.
    private static let mostBytes = 256 << 20

    private struct Stamp: Equatable {
        var modified: Date?
        var bytes: Int
    }

    private let folder: URL
    private var known: [String: (stamp: Stamp, content: RunFolder)] = [:]

    init(_ folder: URL) { self.folder = folder }

    /// Everything in the folder, the newest first. What was read before is read again only where its file changed.
    func list() -> [RunFolder] {
        var found: [String: (stamp: Stamp, content: RunFolder)] = [:]
        for name in names() {
            guard let (file, stamp) = file("report.json", in: name) else { continue }
            if let before = known[name], before.stamp == stamp {
                found[name] = before
            } else {
                let hasPage = self.file("report.html", in: name) != nil
                let content: RunFolder
                do {
                    content = RunFolder(name, try read(file, stamp, name), hasPage: hasPage)
                } catch {
                    content = RunFolder(name, problem: "\(error)")
                }
                found[name] = (stamp, content)
            }
        }
        known = found
        return found.values.map(\.content).sorted { ($0.createdAt ?? "", $0.folder) > ($1.createdAt ?? "", $1.folder) }
    }

    /// A run by the name of its folder and its place in the report; nil where there is none.
    func run(_ name: String, _ index: Int) throws -> (report: Report, run: RunReport)? {
        guard names().contains(name), let (file, stamp) = file("report.json", in: name) else { return nil }
        let report = try read(file, stamp, name)
        return report.runs.indices.contains(index) ? (report, report.runs[index]) : nil
    }

    /// The page of a run; nil where there is none.
    func page(_ name: String) -> Data? {
        guard names().contains(name), let (file, _) = file("report.html", in: name) else { return nil }
        return try? Data(contentsOf: file)
    }

    private func names() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    }

    /// A file of a run: neither it nor its folder is a symbolic link (`attributesOfItem` follows none).
    private func file(_ name: String, in run: String) -> (URL, Stamp)? {
        let place = folder.appendingPathComponent(run)
        let url = place.appendingPathComponent(name)
        guard let parent = try? FileManager.default.attributesOfItem(atPath: place.path),
            parent[.type] as? FileAttributeType == .typeDirectory,
            let facts = try? FileManager.default.attributesOfItem(atPath: url.path),
            facts[.type] as? FileAttributeType == .typeRegular, let bytes = facts[.size] as? Int
        else { return nil }
        return (url, Stamp(modified: facts[.modificationDate] as? Date, bytes: bytes))
    }

    private func read(_ file: URL, _ stamp: Stamp, _ name: String) throws -> Report {
        guard stamp.bytes <= Self.mostBytes else {
            throw ReportError(
                "\(name)/report.json has \(stamp.bytes) bytes, more than the \(Self.mostBytes) shown here")
        }
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw ReportError("\(name)/report.json cannot be read")
        }
        return try ReportCoding.decode(data, name: "\(name)/report.json")
    }
}

/// One run's folder as the page of runs shows it.
struct RunFolder: Encodable, Sendable {
    struct Run: Encodable, Sendable {
        var index: Int
        var model: String
        var dataset: String
        var datasetSha256: String
        @NullIfAbsent var dtype: String?
        var prompt: String
        var metric: String
        @NullIfAbsent var value: Double?
        @NullIfAbsent var ci95: [Double]?
        var passed: Int
        var total: Int
        @NullIfAbsent var generatedTokens: Int?
        @NullIfAbsent var prefillTokensPerS: Double?
        @NullIfAbsent var decodeTokensPerS: Double?
        @NullIfAbsent var peakRssBytes: Int?

        init(_ index: Int, _ run: RunReport) {
            self.index = index
            model = run.model.name
            dataset = run.dataset.name
            datasetSha256 = run.dataset.sha256
            dtype = run.settings.dtype
            prompt = run.settings.prompt
            metric = run.accuracy.metric
            value = run.accuracy.value
            ci95 = run.accuracy.ci95
            (passed, total) = (run.accuracy.passed, run.accuracy.total)
            generatedTokens = run.throughput?.generatedTokens
            prefillTokensPerS = run.throughput?.prefillTokensPerS
            decodeTokensPerS = run.throughput?.decodeTokensPerS
            peakRssBytes = run.memory?.peakRssBytes
        }
    }

    var folder: String
    @NullIfAbsent var createdAt: String?
    @NullIfAbsent var cpu: String?
    var runs: [Run]
    /// Points of `bench` in it.
    var benchmarks: Int
    var hasPage: Bool
    /// Why the report cannot be shown.
    @NullIfAbsent var problem: String?

    init(_ folder: String, _ report: Report, hasPage: Bool) {
        self.folder = folder
        createdAt = report.createdAt
        cpu = report.host.cpu
        runs = report.runs.enumerated().map(Run.init)
        benchmarks = report.benchmarks.count
        self.hasPage = hasPage
        problem = nil
    }

    init(_ folder: String, problem: String) {
        self.folder = folder
        createdAt = nil
        cpu = nil
        runs = []
        benchmarks = 0
        hasPage = false
        self.problem = problem
    }
}
