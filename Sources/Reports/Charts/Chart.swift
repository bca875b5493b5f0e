/// A chart as a value: what is drawn, in data units. `svg()` turns it into a file.
///
/// ```swift
/// Chart(
///     title: "Decode over batch size", x: .init("sequences", scale: .log2), y: .init("tokens/s"),
///     series: [.init("bf16", .line, [.init(1, 13.2), .init(2, 25.9, from: 25.1, to: 26.3)])])
/// ```
package struct Chart: Sendable, Equatable {
    package var title: String
    /// What, where and how, in one line below the title.
    package var subtitle: String
    /// What a reader who cannot see the chart is told; when empty, a sentence made from the series.
    package var description: String
    package var x: Axis
    package var y: Axis
    package var series: [Series]
    package var references: [Reference]
    package var names: Names
    /// Of the picture, in CSS pixels.
    package var width: Double
    package var height: Double

    package init(
        title: String, subtitle: String = "", description: String = "", x: Axis, y: Axis, series: [Series],
        references: [Reference] = [], names: Names = .automatic, width: Double = 720, height: Double = 400
    ) {
        self.title = title
        self.subtitle = subtitle
        self.description = description
        self.x = x
        self.y = y
        self.series = series
        self.references = references
        self.names = names
        self.width = width
        self.height = height
    }

    /// How a reader learns which series is which.
    package enum Names: Sendable, Equatable {
        /// Beside the lines where all series are lines or steps that end at one x, else a legend; nothing for a single
        /// series.
        case automatic
        /// Beside the right end of each series.
        case direct
        /// In a row above the plot.
        case legend
        case none
    }
}

extension Chart {
    package struct Axis: Sendable, Equatable {
        package var label: String
        package var scale: Scale
        package var style: Style
        /// What the axis spans; nil for what the data needs.
        package var range: ClosedRange<Double>?
        /// Whether a linear axis includes zero, so that lengths can be compared; nil for: y does, x does not. The axis
        /// along which bars grow always does.
        package var includesZero: Bool?

        package init(
            _ label: String, scale: Scale = .linear, style: Style = .number, range: ClosedRange<Double>? = nil,
            includesZero: Bool? = nil
        ) {
            self.label = label
            self.scale = scale
            self.style = style
            self.range = range
            self.includesZero = includesZero
        }
    }

    package enum Scale: Sendable, Equatable {
        case linear
        /// Logarithmic with ticks at powers of two; what is not positive is not drawn.
        case log2
        /// Logarithmic with ticks at powers of ten; what is not positive is not drawn.
        case log10
        /// Names at 0, 1, 2, …; the first is at the left, or at the top.
        case categories([String])
    }

    /// How numbers are written.
    package enum Style: Sendable, Equatable {
        case number
        /// Whole numbers: ticks never fall between them.
        case count
        /// A share: 0.25 is 25 %.
        case percent
        case bytes
        case seconds
    }

    package struct Series: Sendable, Equatable {
        package var name: String
        package var kind: Kind
        package var points: [Point]
        /// Which colour and shape, for series that belong together across charts; nil for its place among the series.
        package var color: Int?
        /// Width of a bar in units of x (a histogram's bin, say); nil for a share of the least distance between bars.
        package var barWidth: Double?

        package init(
            _ name: String, _ kind: Kind, _ points: [Point], color: Int? = nil, barWidth: Double? = nil
        ) {
            self.name = name
            self.kind = kind
            self.points = points
            self.color = color
            self.barWidth = barWidth
        }

        package enum Kind: Sendable, Equatable {
            /// Joined points, marked where there are few.
            case line
            case points
            /// From zero, or from the lower end of the axis; several series stand side by side.
            case bars
            /// A step function: each value holds until the next point.
            case steps
        }
    }

    /// One value, with the interval that goes with it, in either direction.
    package struct Point: Sendable, Equatable {
        package var x: Double
        package var y: Double
        package var xInterval: ClosedRange<Double>?
        package var yInterval: ClosedRange<Double>?
        /// Written beside the point.
        package var label: String

        package init(
            _ x: Double, _ y: Double, xInterval: ClosedRange<Double>? = nil, yInterval: ClosedRange<Double>? = nil,
            label: String = ""
        ) {
            self.x = x
            self.y = y
            self.xInterval = xInterval
            self.yInterval = yInterval
            self.label = label
        }

        /// A value whose y is known to lie between `low` and `high`; without an interval if these are out of order.
        package init(_ x: Double, _ y: Double, from low: Double, to high: Double, label: String = "") {
            self.init(x, y, yInterval: low <= high ? low...high : nil, label: label)
        }
    }

    /// A dashed line that values are to be compared with.
    package struct Reference: Sendable, Equatable {
        package var label: String
        package var shape: Shape

        package init(_ label: String, _ shape: Shape) {
            self.label = label
            self.shape = shape
        }

        package enum Shape: Sendable, Equatable {
            /// y = value.
            case horizontal(Double)
            /// x = value.
            case vertical(Double)
            /// Through these points, such as the roof of a roofline.
            case path([Point])
        }
    }
}
