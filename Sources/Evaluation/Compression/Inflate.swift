/// Decompression of DEFLATE data (RFC 1951). The output is capped, so a bomb ends as an error.
package struct Inflate {
    package enum Failure: Error, Equatable {
        case truncated
        case corrupt(String)
        case tooLarge(limit: Int)
    }

    private let input: ArraySlice<UInt8>
    private let limit: Int
    private var position: Int
    private var bits: UInt64 = 0
    private var bitCount = 0
    private var output: [UInt8] = []

    private init(_ input: ArraySlice<UInt8>, limit: Int) {
        self.input = input
        self.limit = limit
        position = input.startIndex
    }

    /// Decompresses one stream.
    /// - Returns: the bytes and the index of the first input byte after the stream.
    package static func decompress(_ input: ArraySlice<UInt8>, limit: Int) throws(Failure) -> (bytes: [UInt8], end: Int)
    {
        var inflate = Inflate(input, limit: limit)
        var last = false
        while !last {
            last = try inflate.take(1) == 1
            switch try inflate.take(2) {
            case 0: try inflate.storedBlock()
            case 1: try inflate.compressedBlock(literals: fixedLiterals, distances: fixedDistances)
            case 2: try inflate.dynamicBlock()
            default: throw .corrupt("reserved block type")
            }
        }
        // Whole bytes that were read ahead belong to whatever follows the stream.
        return (inflate.output, inflate.position - inflate.bitCount / 8)
    }

    // MARK: Bits, least significant first

    private mutating func refill() {
        while bitCount <= 56, position < input.endIndex {
            bits |= UInt64(input[position]) << UInt64(bitCount)
            position += 1
            bitCount += 8
        }
    }

    private mutating func take(_ count: Int) throws(Failure) -> Int {
        if bitCount < count { refill() }
        guard bitCount >= count else { throw .truncated }
        let value = Int(bits & ((1 << UInt64(count)) - 1))
        bits >>= UInt64(count)
        bitCount -= count
        return value
    }

    private mutating func symbol(_ code: HuffmanCode) throws(Failure) -> Int {
        if bitCount < HuffmanCode.maximumLength { refill() }
        guard let (symbol, length) = code.decode(bits) else { throw .corrupt("unused Huffman code") }
        guard length <= bitCount else { throw .truncated }
        bits >>= UInt64(length)
        bitCount -= length
        return symbol
    }

    // MARK: Blocks

    private mutating func storedBlock() throws(Failure) {
        _ = try take(bitCount % 8)
        let length = try take(16)
        let complement = try take(16)
        guard length == ~complement & 0xFFFF else { throw .corrupt("length of a stored block") }
        try reserve(length)
        for _ in 0..<length { output.append(UInt8(truncatingIfNeeded: try take(8))) }
    }

    private func reserve(_ count: Int) throws(Failure) {
        if output.count + count > limit { throw .tooLarge(limit: limit) }
    }

    private mutating func compressedBlock(literals: HuffmanCode, distances: HuffmanCode) throws(Failure) {
        while true {
            let symbol = try symbol(literals)
            if symbol < 256 {
                try reserve(1)
                output.append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return }
            guard symbol - 257 < Self.lengthBase.count else { throw .corrupt("length symbol") }
            let length = Self.lengthBase[symbol - 257] + (try take(Self.lengthExtra[symbol - 257]))
            let code = try self.symbol(distances)
            guard code < Self.distanceBase.count else { throw .corrupt("distance symbol") }
            let distance = Self.distanceBase[code] + (try take(Self.distanceExtra[code]))
            guard distance <= output.count else { throw .corrupt("distance before the start") }
            try reserve(length)
            let start = output.count - distance
            for index in start..<start + length { output.append(output[index]) }
        }
    }

    private mutating func dynamicBlock() throws(Failure) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let codeCount = try take(4) + 4
        var codeLengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<codeCount { codeLengths[Self.codeOrder[index]] = UInt8(try take(3)) }
        guard let code = HuffmanCode(codeLengths) else { throw .corrupt("code lengths") }
        var lengths: [UInt8] = []
        while lengths.count < literalCount + distanceCount {
            let value: UInt8
            let count: Int
            switch try symbol(code) {
            case let length where length < 16:
                value = UInt8(length)
                count = 1
            case 16:
                guard let previous = lengths.last else { throw .corrupt("repeat without a length") }
                value = previous
                count = try take(2) + 3
            case 17:
                value = 0
                count = try take(3) + 3
            default:
                value = 0
                count = try take(7) + 11
            }
            lengths += repeatElement(value, count: count)
        }
        guard lengths.count == literalCount + distanceCount, lengths[256] != 0,
            let literals = HuffmanCode(Array(lengths[..<literalCount])),
            let distances = HuffmanCode(Array(lengths[literalCount...]))
        else { throw .corrupt("code lengths") }
        try compressedBlock(literals: literals, distances: distances)
    }

    // MARK: Constants of RFC 1951, section 3.2.5 to 3.2.7

    private static let lengthBase = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtra = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBase = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577,
    ]
    private static let distanceExtra = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]
    private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let fixedLiterals = HuffmanCode(
        (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }, complete: true)
    private static let fixedDistances = HuffmanCode([UInt8](repeating: 5, count: 32), complete: true)
}

/// A canonical Huffman code, decoded by one look-up of `maximumLength` bits.
struct HuffmanCode {
    static let maximumLength = 15
    /// For every 15-bit window: symbol × 16 + length; 0 where no code begins so.
    private let table: [UInt16]

    /// - Returns: nil if the lengths claim more codes than there are.
    init?(_ lengths: [UInt8]) {
        var room = 1 << Self.maximumLength
        for length in lengths where length > 0 { room -= 1 << (Self.maximumLength - Int(length)) }
        guard room >= 0 else { return nil }
        self.init(lengths, complete: true)
    }

    /// - Precondition: `lengths` is not over-subscribed; `complete` marks that this was checked.
    fileprivate init(_ lengths: [UInt8], complete: Bool) {
        var table = [UInt16](repeating: 0, count: 1 << Self.maximumLength)
        var code = 0
        for length in 1...Self.maximumLength {
            for (symbol, own) in lengths.enumerated() where Int(own) == length {
                var reversed = 0
                for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
                for window in stride(from: reversed, to: table.count, by: 1 << length) {
                    table[window] = UInt16(symbol << 4 | length)
                }
                code += 1
            }
            code <<= 1
        }
        self.table = table
    }

    /// The symbol that the lowest bits spell, and how many bits it takes.
    func decode(_ bits: UInt64) -> (symbol: Int, length: Int)? {
        let entry = table[Int(bits & 0x7FFF)]
        return entry == 0 ? nil : (Int(entry >> 4), Int(entry & 15))
    }
}
