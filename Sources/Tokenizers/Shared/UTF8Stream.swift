/// Bytes to text, holding back the beginning of a character until the rest of it has come.
struct UTF8Stream: Sendable {
    /// How bytes that are not UTF-8 become U+FFFD.
    enum Repair: Sendable {
        /// One for every byte, as sentencepiece does.
        case everyByte
        /// One for every maximal beginning of a character (Unicode 15, table 3-8), as Rust's `from_utf8_lossy` does.
        case maximalSubpart
    }

    private enum Unit {
        case valid(length: Int)
        case invalid(length: Int)
        case incomplete
    }

    private let repair: Repair
    private var pending: [UInt8] = []

    init(repair: Repair) { self.repair = repair }

    var isEmpty: Bool { pending.isEmpty }

    /// The characters completed by `bytes`.
    mutating func append(_ bytes: some Sequence<UInt8>) -> String {
        pending.append(contentsOf: bytes)
        return take(final: false)
    }

    /// What is held back, repaired.
    mutating func flush() -> String { pending.isEmpty ? "" : take(final: true) }

    private mutating func take(final: Bool) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(pending.count)
        var position = 0
        scan: while position < pending.count {
            switch Self.unit(pending, at: position) {
            case .valid(let length):
                output.append(contentsOf: pending[position..<position + length])
                position += length
            case .invalid(let length):
                output.append(contentsOf: [0xEF, 0xBF, 0xBD])
                position += repair == .everyByte ? 1 : length
            case .incomplete:
                guard final else { break scan }
                output.append(contentsOf: [0xEF, 0xBF, 0xBD])
                position = repair == .everyByte ? position + 1 : pending.count
            }
        }
        pending.removeFirst(position)
        return String(decoding: output, as: UTF8.self)
    }

    private static func unit(_ bytes: [UInt8], at start: Int) -> Unit {
        let lead = bytes[start]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0x00...0x7F: return .valid(length: 1)
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return .invalid(length: 1)
        }
        for offset in 1..<length {
            guard start + offset < bytes.count else { return .incomplete }
            let allowed = offset == 1 ? second : 0x80...0xBF
            guard allowed.contains(bytes[start + offset]) else { return .invalid(length: offset) }
        }
        return .valid(length: length)
    }
}
