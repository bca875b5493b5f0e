import Foundation
import RunRecords

/// Reads reports given on the command line.
enum ReportFile {
    /// - Parameter path: a run's folder or its report.json.
    static func read(_ path: String) throws -> Report {
        let file = url(path)
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw Failure(
                Exit.badInput,
                "\(file.path): cannot be read; give a run's folder or its report.json (an interrupted run has none yet: "
                    + "finish it with eval --resume)")
        }
        return try ReportCoding.decode(data, name: file.path)
    }

    static func url(_ path: String) -> URL {
        var isFolder: ObjCBool = false
        let url = URL(fileURLWithPath: path)
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? url.appendingPathComponent("report.json") : url
    }
}
