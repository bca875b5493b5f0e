import Crypto
import Foundation
import RunRecords

/// `report.html`: everything in one file that needs no network.
///
/// The page's own script builds the table of problems from the data that stands in the page, by text nodes alone. Should
/// a completion get past that, the content security policy runs no script but this one, and loads nothing.
package struct HTMLReport: ReportFormat {
    package let name = "html"
    package let fileName = "report.html"

    package init() {}

    package func render(_ report: Report) throws(ReportError) -> Data {
        Data(try text(report).utf8)
    }

    package func text(_ report: Report) throws(ReportError) -> String {
        let groups = RunGroup.groups(of: report.runs)
        let script = HTMLScript.text
        let policy =
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-\(Self.digest(of: script))'"
        let title = groups.first.map { "\($0.model.name) on \($0.dataset.name)" } ?? "YuanBench report"
        let sections = HTMLSections.all(report, groups)
        let links = sections.map { "<a href=\"#\($0.id)\">\($0.title)</a>" }
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="\(HTML.text("\(report.tool.name) \(report.tool.version)"))">
            <title>\(HTML.text(title)) – YuanBench report</title>
            <link rel="icon" href="data:,">
            <style>
            \(HTMLStyle.text)
            </style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header>
            <p class="brand">YuanBench report</p>
            <nav aria-label="Sections">\(links.joined(separator: "\n"))</nav>
            <button type="button" id="theme" hidden>Theme</button>
            </header>
            <main id="main">
            \(sections.map { HTML.section($0.id, $0.title, $0.content) }.joined(separator: "\n"))
            </main>
            <footer><p>Made by \(HTML.text("\(report.tool.name) \(report.tool.version) (build \(report.tool.build))")),
            \(HTML.text(report.createdAt)). “Not measured” means what it says: nothing here is estimated.</p></footer>
            <script type="application/json" id="data">\(HTML.embedded(try HTMLData.encode(groups)))</script>
            <script>\(script)</script>
            </body>
            </html>

            """
    }

    /// SHA-256 in Base64, as a content security policy names a script.
    private static func digest(of script: String) -> String {
        Data(SHA256.hash(data: Data(script.utf8))).base64EncodedString()
    }
}
