/// GPT-2's alphabet: each byte as a visible character, so that vocabularies can be written as text.
enum ByteAlphabet {
    /// Printable Latin-1 bytes stand for themselves, the other 68 are U+0100 onwards, in order.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt8 = 0
        return (0...255).map { (byte: UInt8) in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
            default:
                defer { next += 1 }
                return Unicode.Scalar(UInt16(0x100) + UInt16(next)) ?? "\u{FFFD}"
            }
        }
    }()

    private static let bytes = Dictionary(
        zip(scalars, UInt8(0)...255), uniquingKeysWith: { first, _ in first })

    /// The bytes a vocabulary entry stands for; nil when a character of it is not of this alphabet.
    static func bytes(of token: String) -> [UInt8]? {
        var result: [UInt8] = []
        for scalar in token.unicodeScalars {
            guard let byte = bytes[scalar] else { return nil }
            result.append(byte)
        }
        return result
    }
}
