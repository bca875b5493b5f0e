import Foundation
import RunRecords

/// A form in which a report is written.
package protocol ReportFormat: Sendable {
    /// What `--format` calls it.
    var name: String { get }
    /// The file's name in a run directory.
    var fileName: String { get }
    /// The whole file.
    /// - Throws: `ReportError` if the report cannot be put in this form.
    func render(_ report: Report) throws(ReportError) -> Data
}

/// The table of formats: a new one is a file beside this and a line here.
package enum ReportFormats {
    package static let all: [any ReportFormat] = [JSONReport(), MarkdownReport(), HTMLReport()]

    package static func named(_ name: String) -> (any ReportFormat)? {
        all.first { $0.name == name }
    }
}
