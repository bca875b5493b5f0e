/// Tokens and ranked merges of a byte-pair encoding.
struct BytePairVocabulary: Sendable {
    /// Each token's bytes by id; nil where an id names nothing.
    private(set) var tokens: [[UInt8]?] = []
    /// Tokens that merging can form or start from.
    private var table: PieceTable
    /// Entries whose name is not what they stand for (`Ġthe`), and all others.
    private var names: PieceTable
    private var merges: [UInt64: (rank: Int32, id: Int32)] = [:]

    let isByteLevel: Bool
    /// A whole word that is a token is not taken apart first (Llama 3).
    let ignoresMerges: Bool
    /// For symbols that are no token; nil leaves them out.
    var unknownID: Int?

    /// - Parameters:
    ///   - vocabulary: token names and ids.
    ///   - merges: pairs of token names, best first.
    /// - Throws: `TokenizerError` for ids out of range or given twice, and for merges that name no token.
    init(
        vocabulary: [(name: String, id: Int)], merges pairs: [(String, String)], isByteLevel: Bool,
        ignoresMerges: Bool, file: String
    ) throws {
        self.isByteLevel = isByteLevel
        self.ignoresMerges = ignoresMerges
        table = PieceTable(capacity: vocabulary.count)
        names = PieceTable(capacity: vocabulary.count)
        for (name, id) in vocabulary {
            guard id >= 0 else {
                throw TokenizerError("\(file): negative token id \(id) for \(quoted(name)); ids begin at 0")
            }
            guard id < SentencePieceModel.maximumPieces else {
                throw TokenizerError(
                    "\(file): token id \(id) out of range 0..<\(SentencePieceModel.maximumPieces) for "
                        + "\(quoted(name)); number the tokens from 0")
            }
            try add(name, id: id, file: file)
        }
        self.merges.reserveCapacity(pairs.count)
        for (rank, pair) in pairs.enumerated() {
            guard let left = id(of: pair.0), let right = id(of: pair.1) else {
                throw TokenizerError(
                    "\(file): merge '\(pair.0) \(pair.1)' not in vocabulary; vocabulary and merges must belong "
                        + "together")
            }
            guard let merged = id(of: pair.0 + pair.1) else {
                throw TokenizerError(
                    "\(file): merge '\(pair.0) \(pair.1)' makes a token not in vocabulary; vocabulary and merges must "
                        + "belong together")
            }
            self.merges[Self.key(left, right)] = (Int32(truncatingIfNeeded: rank), Int32(truncatingIfNeeded: merged))
        }
    }

    private mutating func add(_ name: String, id: Int, file: String) throws {
        if id >= tokens.count { tokens.append(contentsOf: repeatElement(nil, count: id + 1 - tokens.count)) }
        guard tokens[id] == nil else {
            throw TokenizerError("\(file): token id \(id) is given twice, also to \(quoted(name)); ids must be unique")
        }
        guard names.insert(Array(name.utf8), id: id) else {
            throw TokenizerError("\(file): token \(quoted(name)) occurs twice; tokens must be unique")
        }
        guard isByteLevel else {
            tokens[id] = Array(name.utf8)
            _ = table.insert(Array(name.utf8), id: id)
            return
        }
        if let bytes = ByteAlphabet.bytes(of: name) {
            tokens[id] = bytes
            _ = table.insert(bytes, id: id)
        } else {
            // No word of bytes can be this token; only an added token can.
            tokens[id] = Array(name.utf8)
        }
    }

    /// Gives an added token its verbatim text, which the byte alphabet does not apply to. (The `tokenizers` library
    /// applies it all the same and garbles added tokens with Latin-1 letters; no published one has any.)
    mutating func setAdded(_ token: AddedToken) {
        if token.id >= tokens.count {
            tokens.append(contentsOf: repeatElement(nil, count: token.id + 1 - tokens.count))
        }
        tokens[token.id] = Array(token.content.utf8)
        _ = names.insert(Array(token.content.utf8), id: token.id)
    }

    func id(of name: String) -> Int? { names.id(of: Array(name.utf8)) }

    private static func key(_ left: Int, _ right: Int) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

    /// Appends the ids of one word.
    func encode(_ word: ArraySlice<Unicode.Scalar>, into ids: inout [Int]) {
        var bytes: [UInt8] = []
        var symbols: [MergeSymbol] = []
        for scalar in word {
            let start = bytes.count
            if let units = UTF8.encode(scalar) { bytes.append(contentsOf: units) }
            guard !isByteLevel else { continue }
            symbols.append(MergeSymbol(start: start, end: bytes.count, id: -1))
        }
        if isByteLevel { symbols = bytes.indices.map { MergeSymbol(start: $0, end: $0 + 1, id: -1) } }
        if ignoresMerges, let id = table.id(of: bytes) {
            ids.append(id)
            return
        }
        bytes.withUnsafeBufferPointer { buffer in
            for index in symbols.indices {
                let slice = buffer[symbols[index].start..<symbols[index].end]
                symbols[index].id = table.id(of: UnsafeBufferPointer(rebasing: slice)) ?? unknownID ?? -1
            }
        }
        if symbols.contains(where: { $0.id < 0 }) { symbols.removeAll { $0.id < 0 } }
        let merged = mergePairs(symbols) { left, right in
            merges[Self.key(left.id, right.id)].map { (Double($0.rank), Int($0.id)) }
        }
        for symbol in merged { ids.append(symbol.id) }
    }
}
