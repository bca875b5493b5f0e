/// What a comparison against a baseline says of one metric.
package struct MetricRecord: Codable, Sendable, Equatable {
    /// "accuracy", or a measurement such as "ttft".
    package var name: String
    /// "accuracy", "speed" or "memory": what `--fail-on` calls it.
    package var kind: String
    /// Unit of `a` and `b`: "share", "s", "B", "tokens/s".
    package var unit: String
    @Nullable package var a: Double?
    @Nullable package var b: Double?
    /// b − a for accuracy, b / a − 1 otherwise.
    @Nullable package var change: Double?
    /// 95 % interval of `change`; nil where there is one measurement a side.
    @Nullable package var changeCi95: [Double]?
    /// Changes up to this are taken for noise of the machine.
    @Nullable package var noiseFloor: Double?
    package var verdict: ComparisonVerdict
    /// Why, in a sentence.
    package var reason: String

    package init(
        name: String, kind: String, unit: String, a: Double?, b: Double?, change: Double?, changeCi95: [Double]?,
        noiseFloor: Double?, verdict: ComparisonVerdict, reason: String
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.a = a
        self.b = b
        self.change = change
        self.changeCi95 = changeCi95
        self.noiseFloor = noiseFloor
        self.verdict = verdict
        self.reason = reason
    }
}

package enum ComparisonVerdict: String, Codable, Sendable, Equatable {
    case better
    case worse
    case noWorse = "no worse"
    case cannotTell = "cannot tell"
}
