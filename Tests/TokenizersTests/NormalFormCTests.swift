import Foundation
import TestSupport
import Testing

@testable import Tokenizers

@Suite struct NormalFormCTests {
    private func plain(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        Array(String(scalars: text).precomposedStringWithCanonicalMapping.unicodeScalars)
    }

    /// No composed character has as a later part one before which a text is cut.
    @Test func nothingComposesAcrossACut() {
        for value in UInt32(0xA0)..<0x30000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let parts = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
            guard parts.count > 1 else { continue }
            #expect(!parts.dropFirst().contains(where: NormalFormC.isNeverSecond), "\(scalar.escaped(asASCII: true))")
        }
    }

    private static let marks: [Unicode.Scalar] = ["\u{0301}", "\u{0323}", "\u{0345}", "\u{0334}", "\u{3099}"]
    private static let starters: [Unicode.Scalar] = [
        "a", "e", " ", "\u{1100}", "\u{1161}", "\u{11A8}", "か", "漢", "\u{09C7}", "\u{09BE}", "é", "\u{0958}", "각",
        "\u{2ADC}",
    ]

    @Test func ordinaryTextsAreAsFoundationHasThem() {
        var generator = SplitMix(state: 5)
        for _ in 0..<200 {
            let text = (0..<2000).flatMap { _ in
                [Self.starters[generator.below(Self.starters.count)]]
                    + (0..<generator.below(4)).map { _ in Self.marks[generator.below(Self.marks.count)] }
            }
            #expect(NormalFormC.of(text[...]) == plain(text))
            #expect(NormalFormC.of(text[1000...]) == plain(Array(text[1000...])))
        }
    }

    /// Marks by class (334 has 1, 323 has 220, 301 has 230, 345 has 240); nothing composes with x.
    @Test func longRunsAreInOrder() {
        let marks: [Unicode.Scalar] = ["\u{0345}", "\u{0301}", "\u{0323}", "\u{0334}"]
        var generator = SplitMix(state: 6)
        for count in [1, 30, 31, 500, 3000] {
            let run = (0..<count).map { _ in marks[generator.below(marks.count)] }
            let sorted = marks.reversed().flatMap { mark in run.filter { $0 == mark } }
            #expect(NormalFormC.of((["x"] + run)[...]) == ["x"] + sorted)
        }
    }

    /// Foundation has ⟨301, F71, F80⟩, though F71 and F80 have the lower classes.
    @Test func tibetanVowelsAreOrdered() {
        #expect(NormalFormC.of(["\u{0301}", "\u{0F81}"]) == ["\u{0F71}", "\u{0F80}", "\u{0301}"])
    }

    /// In time that grows with the square they would take hours.
    @Test(.timeLimit(.minutes(20))) func longRunsTakeLinearithmicTime() {
        let run = Array(("e" + String(repeating: "\u{0301}\u{0327}", count: 800_000)).unicodeScalars)
        #expect(NormalFormC.of(run[...]).count == 1_600_000)
        let text = Array(String(repeating: "a\u{0301}\u{0323} ", count: 300_000).unicodeScalars)
        #expect(NormalFormC.of(text[...]).count == 900_000)
    }
}
