import Foundation
import RunRecords
import Testing

@testable import Reports

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct ChartTests {
    /// Parses and keeps what is told of each element.
    private final class Outline: NSObject, XMLParserDelegate {
        var elements: [(name: String, attributes: [String: String])] = []
        var text: [String: String] = [:]
        private var current = ""

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements.append((name, attributes))
            current = name
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text[current, default: ""] += string }

        func count(_ name: String, _ style: String) -> Int {
            elements.count {
                $0.name == name && ($0.attributes["class"] ?? "").split(separator: " ").contains { $0 == style }
            }
        }
    }

    private func outline(_ chart: Chart) throws -> Outline {
        let parser = XMLParser(data: Data(chart.svg().utf8))
        let outline = Outline()
        parser.delegate = outline
        #expect(parser.parse(), "\(String(describing: parser.parserError)): \(chart.svg())")
        return outline
    }

    private var decode: Chart {
        Chart(
            title: "Decode", x: .init("batch", scale: .log2, style: .count), y: .init("tokens/s"),
            series: [
                .init("bf16", .line, [.init(1, 10, from: 9, to: 12), .init(2, 20), .init(4, 39, label: "best")]),
                .init("fp16", .line, [.init(1, 5), .init(2, 9), .init(4, 17)]),
            ], references: [.init("limit", .horizontal(50))])
    }

    @Test func everySeriesPointAndReferenceIsDrawn() throws {
        let outline = try outline(decode)
        #expect(outline.count("path", "line") == 2)
        #expect(outline.count("path", "mark") == 6)
        #expect(outline.count("path", "interval") == 1)
        #expect(outline.count("path", "reference") == 1)
        let words = outline.text["text"] ?? ""
        for word in ["Decode", "batch", "tokens/s", "bf16", "fp16", "best", "limit"] { #expect(words.contains(word)) }
        let root = try #require(outline.elements.first)
        #expect(root.attributes["role"] == "img")
        let ids = Set(outline.elements.compactMap { $0.attributes["id"] })
        #expect(
            root.attributes["aria-labelledby"]?.split(separator: " ").allSatisfy { ids.contains(String($0)) } == true)
        #expect(outline.text["desc"]?.contains("bf16: from 10 at 1 to 39 at 4") == true)
    }

    @Test func equalChartsGiveEqualBytesAndOthersOtherIds() {
        #expect(decode.svg() == decode.svg())
        var other = decode
        other.series[0].points[0].y = 11
        #expect(decode.svg().components(separatedBy: "\"")[15] != other.svg().components(separatedBy: "\"")[15])
    }

    @Test func textCannotBecomeMarkup() throws {
        let evil = "</style><script>alert(1)</script>\" onload=\"x' & \u{0}\u{202E}\nend"
        var chart = decode
        chart.title = evil
        chart.subtitle = evil
        chart.description = evil
        chart.x.label = evil
        chart.y.scale = .categories([evil, evil])
        chart.series[0].name = evil
        chart.series[0].points[0].label = evil
        chart.references = [.init(evil, .vertical(2))]
        let outline = try outline(chart)
        #expect(!outline.elements.contains { $0.name == "script" || $0.attributes["onload"] != nil })
        #expect(outline.elements.count { $0.name == "style" } == 1)
        #expect(!chart.svg().contains("\u{202E}") && !chart.svg().contains("\u{0}"))
    }

    @Test func whatAnAxisCannotShowIsLeftOut() throws {
        let strange: [Double] = [
            .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 0,
            -1,
        ]
        for scale in [Chart.Scale.linear, .log2, .log10, .categories([]), .categories(["a"])] {
            for kind in [Chart.Series.Kind.line, .points, .bars, .steps] {
                let points = strange.flatMap { x in strange.map { Chart.Point(x, $0, from: -1, to: .infinity) } }
                for (x, y) in [(scale, Chart.Scale.linear), (.linear, scale), (scale, scale)] {
                    let chart = Chart(
                        title: "", x: .init("", scale: x), y: .init("", scale: y),
                        series: [.init("a", kind, points, barWidth: .infinity), .init("b", kind, [])],
                        references: [.init("r", .horizontal(.nan)), .init("q", .path([]))])
                    let svg = try outline(chart)
                    for (name, value) in svg.elements.flatMap(\.attributes) where name != "class" && name != "id" {
                        #expect(!value.lowercased().contains("nan") && !value.contains("inf"), "\(name)=\(value)")
                    }
                }
            }
        }
        let broken = Chart(
            title: "t", x: .init(""), y: .init(""),
            series: [.init("a", .line, [.init(0, 1), .init(1, .nan), .init(2, 3)])])
        #expect(try outline(broken).count("path", "line") == 2)
        let empty = Chart(title: "t", x: .init(""), y: .init(""), series: [])
        #expect(try outline(empty).text["text"]?.contains("no data") == true)
    }

    /// A report is read from a file, so its numbers may be as large as JSON has them.
    @Test(arguments: [1e30, 1e150, 1e299, 1e308])
    func hugeMeasurementsAreDrawn(_ number: Double) throws {
        var report = SampleBenchmark.report
        for index in report.benchmarks.indices {
            report.benchmarks[index].samples[0].flopsPerS = number
            report.benchmarks[index].decodeStepFlops = number
            report.benchmarks[index].decodeStepBytes = 1 / number
        }
        report.runs = SampleReport.report.runs
        report.runs[0].memory = MemoryRecord(peakRssBytes: .max, weightsBytes: .max - 1, kvCachePeakBytes: nil)
        for chart in ReportCharts.all(report) { #expect(try outline(chart.chart).elements.count > 1, "\(chart.name)") }
    }

    @Test func barsGrowFromZeroAndShareTheirPlace() throws {
        let chart = Chart(
            title: "h", x: .init("bin"), y: .init("n"),
            series: [
                .init("a", .bars, [.init(0.5, 2), .init(1.5, 4)], barWidth: 1),
                .init("b", .bars, [.init(0.5, 4)], barWidth: 1),
            ])
        let outline = try outline(chart)
        let bars = outline.elements.filter { $0.name == "rect" && ($0.attributes["class"] ?? "").hasPrefix("s") }
            .filter { $0.attributes["class"] != "surface" }.map { element in
                ["x", "y", "width", "height"].map { Double(element.attributes[$0] ?? "") ?? .nan }
            }
        // The legend's swatches come first.
        let (first, second, third) = (bars[2], bars[3], bars[4])
        #expect(abs(second[3] - 2 * first[3]) < 0.1 && abs(second[3] - third[3]) < 0.1)
        #expect(abs(first[1] + first[3] - second[1] - second[3]) < 0.1)
        #expect(first[0] + first[2] <= third[0])
    }

    @Test(arguments: [
        (0.0...1.0, Chart.Style.number, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0.0...3.2, .count, ["0", "1", "2", "3"]),
        (0.0...0.5, .percent, ["0 %", "10 %", "20 %", "30 %", "40 %", "50 %"]),
        (0.0...4096.0, .bytes, ["0", "1 KiB", "2 KiB", "3 KiB", "4 KiB"]),
        (0.0...0.25, .seconds, ["0", "50 ms", "100 ms", "150 ms", "200 ms", "250 ms"]),
        (-2_000_000.0...2_000_000.0, .number, ["-2 M", "-1 M", "0", "1 M", "2 M"]),
    ])
    func ticksAreRoundNumbersInOneUnit(domain: ClosedRange<Double>, style: Chart.Style, labels: [String]) {
        let ticks = ChartTicks.linear(domain, count: 5, style: style)
        #expect(ChartNumbers(style: style).labels(ticks) == labels)
    }

    @Test func logarithmicTicks() {
        #expect(ChartTicks.logarithmic(1...128, base: 2, count: 10).values == [1, 2, 4, 8, 16, 32, 64, 128])
        #expect(ChartTicks.logarithmic(1...1e6, base: 10, count: 4).values == [1, 100, 1e4, 1e6])
        #expect(ChartTicks.logarithmic(3...60, base: 10, count: 6).values == [5, 10, 20, 50])
        let labels = ChartNumbers(style: .number).labels(ChartTicks(values: [0.01, 0.1, 1, 100, 1e4]))
        #expect(labels == ["0.01", "0.1", "1", "100", "10,000"])
    }

    @Test func labelsMoveApart() {
        #expect(ChartText.spread([10, 12, 50], gap: 15, within: 0...60) == [10, 25, 50])
        #expect(ChartText.spread([58, 60], gap: 15, within: 0...60) == [45, 60])
    }

    /// WCAG 2.2: 3 : 1 for marks, 4.5 : 1 for text.
    @Test func coloursStandOutFromTheirSurface() {
        func luminance(_ hex: String) -> Double {
            let value = Int(hex.dropFirst(), radix: 16) ?? 0
            let channels = [16, 8, 0].map { shift -> Double in
                let c = Double(value >> shift & 255) / 255
                return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
        }
        func contrast(_ a: String, _ b: String) -> Double {
            let (x, y) = (luminance(a), luminance(b))
            return (max(x, y) + 0.05) / (min(x, y) + 0.05)
        }
        let surface = ChartTheme.surface
        for (tone, least) in ChartTheme.series.map({ ($0, 3.0) }) + [(ChartTheme.ink, 4.5), (ChartTheme.muted, 4.5)] {
            #expect(contrast(tone.light, surface.light) >= least, "\(tone)")
            #expect(contrast(tone.dark, surface.dark) >= least, "\(tone)")
        }
    }
}
