/// Byte-pair encoding as sentencepiece does it: pairs merge whose joined text is a piece, the best score first, the
/// leftmost first on a tie.
struct SentencePieceEncoder: Sendable {
    /// U+2581 stands for a space.
    static let space: [UInt8] = [0xE2, 0x96, 0x81]

    private let model: SentencePieceModel
    /// Pieces that merging can form: normal, user-defined and unused ones.
    private let table: PieceTable
    private let orders: [Double]
    private let isUnused: [Bool]
    private let byteIDs: [Int]
    private let unknownID: Int
    private let userDefined: AddedTokenSplitter?

    /// - Throws: `TokenizerError` when two pieces are the same or there is no unknown piece.
    init(_ model: SentencePieceModel, file: String) throws {
        var table = PieceTable(capacity: model.pieces.count)
        var byteIDs = [Int](repeating: -1, count: 256)
        var unknownID: Int?
        var userDefined: [AddedToken] = []
        for (id, piece) in model.pieces.enumerated() {
            switch piece.type {
            case .normal, .userDefined, .unused:
                guard table.insert(Array(piece.text.utf8), id: id) else {
                    throw TokenizerError(
                        "\(file): piece \(id) \(quoted(piece.text)) occurs twice; the vocabulary is damaged")
                }
                if piece.type == .userDefined { userDefined.append(AddedToken(content: piece.text, id: id)) }
            case .byte:
                guard let byte = Self.byte(of: piece.text) else {
                    throw TokenizerError(
                        "\(file): byte piece \(id) is named \(quoted(piece.text)), expected <0x00> to <0xFF>; the "
                            + "vocabulary is damaged")
                }
                byteIDs[Int(byte)] = id
            case .unknown: unknownID = unknownID ?? id
            case .control: break
            }
        }
        guard let unknownID else {
            throw TokenizerError("\(file): no unknown piece, expected one of type 2; the vocabulary is damaged")
        }
        self.model = model
        self.table = table
        self.byteIDs = byteIDs
        self.unknownID = unknownID
        orders = model.pieces.map { -Double($0.score) }
        isUnused = model.pieces.map { $0.type == .unused }
        self.userDefined = userDefined.isEmpty ? nil : AddedTokenSplitter(userDefined, stripsSeparators: false)
    }

    /// The byte a piece like `<0x0A>` stands for.
    static func byte(of name: String) -> UInt8? {
        guard name.utf8.count == 6, name.hasPrefix("<0x"), name.hasSuffix(">") else { return nil }
        return UInt8(name.dropFirst(3).dropLast(), radix: 16)
    }

    func id(ofPiece text: String) -> Int? { table.id(of: Array(text.utf8)) }

    /// The ids of one stretch of text.
    func encode(_ text: [Unicode.Scalar]) -> [Int] {
        let normalized = normalize(text)
        guard !normalized.isEmpty else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(normalized.count * 3)
        var symbols: [MergeSymbol] = []
        symbols.reserveCapacity(normalized.count)
        // Symbols of user-defined pieces never merge; they carry an id of -2 - id until the end.
        for part in userDefined?.split(normalized) ?? [.text(0..<normalized.count)] {
            switch part {
            case .text(let range):
                for scalar in normalized[range] {
                    let start = bytes.count
                    if let units = UTF8.encode(scalar) { bytes.append(contentsOf: units) }
                    symbols.append(MergeSymbol(start: start, end: bytes.count, id: -1))
                }
            case .token(let id):
                let start = bytes.count
                bytes.append(contentsOf: model.pieces[id].text.utf8)
                symbols.append(MergeSymbol(start: start, end: bytes.count, id: -2 - id))
            }
        }
        return bytes.withUnsafeBufferPointer { buffer in
            merge(symbols, buffer)
        }
    }

    /// Spaces to U+2581 with one before the text, as the model's normaliser asks for.
    private func normalize(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var normalized: [Unicode.Scalar] = []
        normalized.reserveCapacity(text.count + 1)
        for scalar in text {
            let isSpace = scalar == " "
            if isSpace, model.removesExtraWhitespace, normalized.isEmpty || normalized.last == "\u{2581}" { continue }
            normalized.append(isSpace ? "\u{2581}" : scalar)
        }
        if model.removesExtraWhitespace, normalized.last == "\u{2581}" { normalized.removeLast() }
        if model.addsDummyPrefix, !normalized.isEmpty { normalized.insert("\u{2581}", at: 0) }
        return normalized
    }

    private func merge(_ initial: [MergeSymbol], _ bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
        func piece(_ start: Int, _ end: Int) -> Int? {
            table.id(of: UnsafeBufferPointer(rebasing: bytes[start..<end]))
        }
        var symbols = initial
        for index in symbols.indices where symbols[index].id == -1 {
            symbols[index].id = piece(symbols[index].start, symbols[index].end) ?? -1
        }
        // Where an unused piece was formed, the two parts it came from (the first time).
        var parts: [Int: (MergeSymbol, MergeSymbol)] = [:]
        let merged = mergePairs(symbols) { left, right in
            guard left.id > -2, right.id > -2, right.end - left.start <= table.longest,
                let id = piece(left.start, right.end)
            else { return nil }
            if isUnused[id], parts[id] == nil { parts[id] = (left, right) }
            return (orders[id], id)
        }
        var ids: [Int] = []
        ids.reserveCapacity(merged.count)
        var previousIsUnknown = false
        for symbol in merged {
            var pending = [symbol]
            while let next = pending.popLast() {
                if next.id >= 0, isUnused[next.id], let (left, right) = parts[next.id] {
                    pending.append(right)
                    pending.append(left)
                    continue
                }
                let before = ids.count
                append(next, bytes, &ids, afterUnknown: previousIsUnknown)
                previousIsUnknown = ids.count == before ? previousIsUnknown : ids.last == unknownID
            }
        }
        return ids
    }

    /// Adds a symbol's id, or its bytes' ids where it is no piece; unknown ones in a row count once.
    private func append(
        _ symbol: MergeSymbol, _ bytes: UnsafeBufferPointer<UInt8>, _ ids: inout [Int], afterUnknown: Bool
    ) {
        if symbol.id <= -2 {
            ids.append(-2 - symbol.id)
        } else if symbol.id >= 0 {
            ids.append(symbol.id)
        } else if model.byteFallback {
            for byte in bytes[symbol.start..<symbol.end] {
                ids.append(byteIDs[Int(byte)] >= 0 ? byteIDs[Int(byte)] : unknownID)
            }
        } else if !afterUnknown {
            ids.append(unknownID)
        }
    }
}
