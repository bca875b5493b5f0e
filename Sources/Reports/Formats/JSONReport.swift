import Foundation
import RunRecords

/// `report.json`: everything, in the form of `Reports/schema`.
package struct JSONReport: ReportFormat {
    package let name = "json"
    package let fileName = "report.json"

    package init() {}

    package func render(_ report: Report) throws(ReportError) -> Data {
        try ReportCoding.encode(report)
    }
}
