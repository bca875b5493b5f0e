import Foundation
import RunRecords

/// The parts of the page that need no script.
enum HTMLSections {
    struct Section {
        var id: String
        var title: String
        var content: [String]
    }

    static func all(_ report: Report, _ groups: [RunGroup]) -> [Section] {
        var sections: [Section] = []
        let notes = ReportNotes.all(report).map { "<li>\(HTML.text($0))</li>" }
        let note = notes.isEmpty ? [] : ["<ul class=\"notes\" aria-label=\"Notes\">\(notes.joined())</ul>"]
        if !groups.isEmpty {
            sections.append(
                Section(id: "result", title: "Result", content: groups.map(HTMLRunTables.headline) + note))
            let baseline = HTMLComparisons.baseline(report.comparisons)
            if !baseline.isEmpty {
                sections.append(Section(id: "baseline", title: "Against the baseline", content: baseline))
            }
            sections.append(
                Section(
                    id: "comparison", title: "By dtype",
                    content: groups.flatMap { group in
                        let compared = HTMLComparisons.dtypes(group, report.comparisons)
                        return [HTMLRunTables.comparison(group)]
                            + (compared.isEmpty ? HTMLRunTables.agreements(group) : compared)
                    }))
        }
        if !report.benchmarks.isEmpty {
            sections.append(
                Section(
                    id: "throughput", title: "Throughput",
                    content: HTMLBenchmarks.content(report.benchmarks) + (groups.isEmpty ? note : [])))
        }
        if !report.serving.isEmpty {
            sections.append(
                Section(
                    id: "serving", title: "Serving",
                    content: HTMLServing.content(report.serving)
                        + (groups.isEmpty && report.benchmarks.isEmpty ? note : [])))
        }
        let charts = ReportCharts.all(report)
        if !charts.isEmpty {
            sections.append(Section(id: "charts", title: "Charts", content: [figures(charts)]))
        }
        if groups.contains(where: { $0.runs.contains { !$0.problems.isEmpty } }) {
            sections.append(Section(id: "problems", title: "Problems", content: [HTMLProblems.frame(groups)]))
        }
        sections.append(
            Section(
                id: "host", title: "Host and settings",
                content: [host(report.host)] + groups.map(HTMLRunTables.settings) + [repetition(report)]))
        return sections
    }

    /// The charts in the page itself; a page of HTML needs no name of their language.
    private static func figures(_ charts: [NamedChart]) -> String {
        let figures = charts.map {
            let svg = $0.chart.svg().replacingOccurrences(of: " xmlns=\"http://www.w3.org/2000/svg\"", with: "")
            return "<figure>\(svg)</figure>"
        }
        return "<div class=\"charts\">\(figures.joined(separator: "\n"))</div>"
    }

    private static func host(_ host: HostRecord) -> String {
        let blas = host.blas
        let rows = [
            ["CPU", HTML.text(host.cpu)], ["logical cores", Quantity.count(host.logicalCores)],
            ["instruction sets", HTML.text(host.features.joined(separator: " "))],
            ["memory", Quantity.bytes(host.memoryBytes)], ["system", HTML.text("\(host.os), \(host.kernel)")],
            ["BLAS", HTML.text("\(blas.library) \(blas.version), core \(blas.core), \(blas.threads) threads")],
            ["native kernels", HTML.text(host.kernels)],
            ["load before the run", host.loadAverage.map { Quantity.fixed($0, 2) } ?? Quantity.notMeasured],
        ]
        return HTML.table(caption: "Host", rows: rows, style: "facts")
    }

    private static func repetition(_ report: Report) -> String {
        guard !report.command.isEmpty else { return "<p>The command line was not recorded.</p>" }
        let command = report.command.map(ShellWord.quoted).joined(separator: " ")
        return "<h3>How to repeat it</h3><pre class=\"command\"><code>\(HTML.text(command))</code></pre>"
    }
}

/// The frame that the page's script fills.
enum HTMLProblems {
    static func frame(_ groups: [RunGroup]) -> String {
        """
        <noscript><p>The table of problems needs the script in this page; report.json and report.md hold the same.</p></noscript>
        <form id="filters" class="filters" role="search" aria-label="Filter the problems" hidden>
        <label>Text <input type="search" id="query" autocomplete="off" placeholder="id, reason or completion"></label>
        <label>Set <select id="group"></select></label>
        <label>Dtype <select id="run"></select></label>
        <label>Verdict <select id="verdict"></select></label>
        <label class="check"><input type="checkbox" id="differing"> dtypes differ</label>
        <button type="reset">Clear</button>
        <p id="count" role="status" aria-live="polite"></p>
        </form>
        <div id="table"></div>
        """
    }
}
