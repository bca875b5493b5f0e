import Foundation
import RunRecords

/// What the page's script needs: the problems of every run, with the names of the runs.
enum HTMLData {
    private struct Run: Encodable {
        /// Which runs stand side by side.
        var group: Int
        var title: String
        var label: String
        var problems: [ProblemRecord]
    }

    static func encode(_ groups: [RunGroup]) throws(ReportError) -> Data {
        let runs = groups.enumerated().flatMap { index, group in
            group.runs.map { run in
                Run(
                    group: index, title: group.title, label: run.label,
                    problems: run.problems.map { problem in
                        // Ids of tokens say nothing to a reader; report.json has them.
                        var shown = problem
                        shown.tokens = nil
                        return shown
                    })
            }
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(runs)
        } catch {
            throw ReportError("report: holds a number that JSON cannot hold; report.html was not written (\(error))")
        }
    }
}
