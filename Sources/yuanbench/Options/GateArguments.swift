import ArgumentParser
import RunRecords

/// When a comparison against a baseline counts as a regression.
struct GateArguments: ParsableArguments {
    @Option(name: .long, help: "Level of the exact McNemar test.")
    var alpha = 0.05

    @Option(name: .long, help: "Largest accepted loss of accuracy, as a share (default: 0.1).")
    var minEffect: Double?

    @Flag(name: .long, help: "The same as --min-effect 0.02.")
    var strict = false

    @Option(
        name: .long,
        help: ArgumentHelp("Let speed, memory or both decide too.", valueName: "speed,memory"))
    var failOn: String?

    @Option(name: .long, help: "Relative changes of times up to this are taken for noise.")
    var noiseFloor = 0.10

    mutating func validate() throws {
        if !(alpha > 0 && alpha < 1) { throw ValidationError("--alpha is \(alpha), expected between 0 and 1.") }
        if let minEffect, !(minEffect > 0 && minEffect <= 1) {
            throw ValidationError("--min-effect is \(minEffect), expected above 0 and at most 1 (0.1 is ten points).")
        }
        if strict && minEffect != nil { throw ValidationError("--strict is a --min-effect; give one of them.") }
        if !(noiseFloor >= 0 && noiseFloor.isFinite) {
            throw ValidationError("--noise-floor is \(noiseFloor), expected 0 or more (0.1 is ten per cent).")
        }
        for kind in kinds where kind != "speed" && kind != "memory" {
            throw ValidationError("--fail-on: unknown \"\(kind)\"; expected speed, memory or speed,memory.")
        }
    }

    private var kinds: [String] {
        failOn?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
    }

    var settings: GateSettings {
        GateSettings(
            alpha: alpha, minEffect: strict ? GateSettings.strictMinEffect : minEffect ?? GateSettings().minEffect,
            failOn: kinds, noiseFloor: noiseFloor)
    }
}
