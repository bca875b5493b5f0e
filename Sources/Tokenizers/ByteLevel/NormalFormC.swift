import Foundation

/// Unicode's normal form C in time that grows with the text.
///
/// Foundation's takes the square of the length of a run of combining marks, which it sorts by insertion, and of a text with
/// many of them, in which it replaces in place. So long runs are put into canonical order first, and long texts are taken in
/// pieces. Neither changes the result: both texts are canonically equivalent, and no character composes across a cut.
enum NormalFormC {
    /// More marks than this are in no word of any language (Unicode's Stream-Safe format allows 30).
    private static let longestPlainRun = 30
    private static let pieceLength = 1024

    static func of(_ text: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        // Everything below U+0300 is in form C already.
        guard text.contains(where: { $0.value >= 0x300 }) else { return Array(text) }
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var begin = text.startIndex
        while begin < text.endIndex {
            let least = min(begin + pieceLength, text.endIndex)
            let end = text[least...].firstIndex(where: isNeverSecond) ?? text.endIndex
            let piece = String(scalars: inOrder(text[begin..<end]))
            result.append(contentsOf: piece.precomposedStringWithCanonicalMapping.unicodeScalars)
            begin = end
        }
        return result
    }

    /// Characters of class 0 with which no earlier one composes; not all of them, but some of every kind of long text.
    static func isNeverSecond(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x300, 0x3000..<0x302A, 0x3041..<0x3097, 0x30A1..<0x30FB, 0x4E00..<0xA000, 0xAC00..<0xD7A4: true
        default: false
        }
    }

    /// The text with long runs of marks decomposed and sorted by their class, marks of one class in their order.
    private static func inOrder(_ piece: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var run: [Unicode.Scalar] = []
        func sorted() -> [Unicode.Scalar] {
            // Foundation leaves the parts of Tibetan vowels where they are.
            guard run.count > longestPlainRun || run.contains(where: \.isTibetanVowel) else { return run }
            let decomposed = run.flatMap { mark in
                Array(String(mark).decomposedStringWithCanonicalMapping.unicodeScalars)
            }
            return decomposed.enumerated().sorted { one, other in
                (one.element.order, one.offset) < (other.element.order, other.offset)
            }.map(\.element)
        }
        for scalar in piece {
            if scalar.value >= 0x300, scalar.isMark {
                run.append(scalar)
            } else {
                result += sorted()
                run = []
                result.append(scalar)
            }
        }
        return result + sorted()
    }
}

extension Unicode.Scalar {
    fileprivate var order: UInt8 { properties.canonicalCombiningClass.rawValue }

    /// Whether it is moved within a run of its kind.
    fileprivate var isMark: Bool { order != 0 || isTibetanVowel }

    /// The three characters without a class that decompose to two with one.
    fileprivate var isTibetanVowel: Bool { value == 0x0F73 || value == 0x0F75 || value == 0x0F81 }
}
