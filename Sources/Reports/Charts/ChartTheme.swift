/// Colours, shapes and the style sheet of every chart.
///
/// A chart stands on a surface of its own, so it can be read on any page, and follows the reader's choice of light or
/// dark. Series differ in colour, in the shape of their marks and in how their lines are dashed.
enum ChartTheme {
    /// One colour by its role, on a light and on a dark surface.
    struct Tone: Sendable {
        var name: String
        var light: String
        var dark: String
    }

    static let surface = Tone(name: "surface", light: "#ffffff", dark: "#15191f")
    static let ink = Tone(name: "ink", light: "#1c2128", dark: "#e8ebef")
    static let muted = Tone(name: "muted", light: "#59636e", dark: "#a3acb7")
    static let grid = Tone(name: "grid", light: "#e1e4e8", dark: "#2e353e")

    /// Apart in hue and lightness also for the colour-blind, with a contrast of at least 3 : 1 to the surface.
    static let series = [
        Tone(name: "s0", light: "#0063a8", dark: "#5db0f0"),
        Tone(name: "s1", light: "#d95f02", dark: "#ff9a4d"),
        Tone(name: "s2", light: "#008a6a", dark: "#3fd0a6"),
        Tone(name: "s3", light: "#9c2f75", dark: "#f09bcf"),
        Tone(name: "s4", light: "#75651a", dark: "#e0cc5a"),
        Tone(name: "s5", light: "#4a4e57", dark: "#c3c8d0"),
    ]

    static let dashes = ["", "7 4", "2 4", "9 3 2 3", "12 4", "4 2"]

    /// The class that gives a mark its series' colour.
    static func className(_ color: Int) -> String { "s\(index(color))" }

    static func dash(_ color: Int) -> String { dashes[index(color)] }

    private static func index(_ color: Int) -> Int {
        (color % series.count + series.count) % series.count
    }

    /// The plain colour before each `var()` is for renderers that know no custom properties.
    static let styleSheet: String = {
        let tones = [surface, ink, muted, grid] + series
        func properties(_ value: (Tone) -> String) -> String {
            tones.map { "--yb-\($0.name):\(value($0))" }.joined(separator: ";")
        }
        func color(_ property: String, _ tone: Tone) -> String {
            "\(property):\(tone.light);\(property):var(--yb-\(tone.name))"
        }
        var rules = [
            ".yb-chart{\(properties(\.light));max-width:100%;height:auto;"
                + "font-family:system-ui,-apple-system,'Segoe UI','Noto Sans','Noto Sans CJK SC',sans-serif}",
            "@media (prefers-color-scheme:dark){.yb-chart{\(properties(\.dark))}}",
            ".yb-chart .surface{\(color("fill", surface))}",
            ".yb-chart text{\(color("fill", ink));font-size:12px}",
            ".yb-chart .title{font-size:15px;font-weight:600}",
            ".yb-chart .muted{\(color("fill", muted))}",
            ".yb-chart .grid{\(color("stroke", grid));stroke-width:1}",
            ".yb-chart .axis{\(color("stroke", muted));stroke-width:1}",
            ".yb-chart .reference{\(color("stroke", muted));stroke-width:1.5;stroke-dasharray:5 4;fill:none}",
            ".yb-chart .halo{\(color("stroke", surface));stroke-width:4;stroke-linejoin:round;paint-order:stroke}",
            ".yb-chart .line{fill:none;stroke-width:2;stroke-linejoin:round}",
            ".yb-chart .interval{stroke-width:1.5;fill:none}",
            ".yb-chart .band{stroke:none;fill-opacity:.18}",
            ".yb-chart .interval.ink{\(color("stroke", ink))}",
            ".yb-chart .mark{\(color("stroke", surface));stroke-width:1.5}",
        ]
        for tone in series {
            rules.append(
                ".yb-chart .\(tone.name){\(color("fill", tone))}.yb-chart .line.\(tone.name),"
                    + ".yb-chart .interval.\(tone.name){fill:none;\(color("stroke", tone))}")
        }
        return rules.joined(separator: "\n")
    }()
}
