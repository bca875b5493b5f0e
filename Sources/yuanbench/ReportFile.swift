import Evaluation
import Foundation
import RunRecords

/// Reads reports given on the command line.
enum ReportFile {
    /// Largest report or list of requests that is read, in bytes.
    static let maximumBytes = 1 << 30

    /// - Parameter path: a run's folder or its report.json.
    static func read(_ path: String) throws -> Report {
        let file = url(path)
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw Failure(
                Exit.badInput,
                "\(file.path): is not there; give a run's folder or its report.json (an interrupted run has none yet: "
                    + "finish it with eval --resume)")
        }
        return try ReportCoding.decode(Data(FileBytes.read(file, limit: maximumBytes)), name: file.path)
    }

    static func url(_ path: String) -> URL {
        var isFolder: ObjCBool = false
        let url = URL(fileURLWithPath: path)
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? url.appendingPathComponent("report.json") : url
    }
}
