import Foundation
import RunRecords

/// A form in which a report is written.
package protocol ReportFormat: Sendable {
    /// What `--format` calls it.
    var name: String { get }
    /// The file's name in a run directory.
    var fileName: String { get }
    /// Whether it is written only when asked for, and not into every run directory.
    var isOnRequest: Bool { get }
    /// The whole file.
    /// - Throws: `ReportError` if the report cannot be put in this form.
    func render(_ report: Report) throws(ReportError) -> Data
}

extension ReportFormat {
    package var isOnRequest: Bool { false }
}

/// The table of formats: a new one is a file beside this and a line here.
package enum ReportFormats {
    package static let all: [any ReportFormat] = [
        JSONReport(), MarkdownReport(), HTMLReport(), JUnitReport(), GitHubAnnotationsReport(), BenchmarkActionReport(),
    ]
    /// Those that every run directory holds.
    package static var everyRun: [any ReportFormat] { all.filter { !$0.isOnRequest } }

    package static func named(_ name: String) -> (any ReportFormat)? {
        all.first { $0.name == name }
    }
}
