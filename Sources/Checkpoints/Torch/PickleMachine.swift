import ForeignText

/// Runs the pickle of a state dict. It executes nothing: "calling" is possible for the few globals of `PickleGlobal`
/// only and builds values; every other opcode or global is an error that names it. Each step makes at most one value, so
/// time and memory are bounded by their number.
struct PickleMachine {
    private var cursor: ByteCursor
    private var stack: [PickleValue] = []
    /// Stack heights at which MARK was met.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]

    /// Of steps: far above any model, low enough that the values cannot fill the memory.
    private static let countCap = 2_000_000

    /// The tensors of the dictionary in `bytes`, in its order.
    static func stateDictionary(
        _ bytes: UnsafeRawBufferPointer, file: String
    ) throws -> [(name: String, tensor: TorchTensor)] {
        var machine = PickleMachine(cursor: ByteCursor(bytes, file: file, place: "data.pkl"))
        guard case .dictionary(let dictionary) = try machine.run() else {
            throw machine.cursor.fault("the pickle is no state dict", expected: "a dictionary of tensors")
        }
        return try dictionary.entries.map { key, value in
            switch value {
            case .tensor(let tensor): return (key, tensor)
            case .other(let summary):
                throw CheckpointError(
                    "the pickle is no plain state dict", file: file, place: "key \(Escaping.quoted(key))",
                    expected: "a tensor", found: summary, mend: "save model.state_dict() alone, or use safetensors")
            }
        }
    }

    private init(cursor: ByteCursor) { self.cursor = cursor }

    private mutating func run() throws -> PickleValue {
        for _ in 0..<Self.countCap {
            let opcode = try cursor.byte()
            if opcode == UInt8(ascii: ".") { return try pop() }
            try step(opcode)
        }
        throw fault("the pickle holds too many values", found: "more than \(Self.countCap)")
    }

    private mutating func step(_ opcode: UInt8) throws {
        switch opcode {
        case 0x80:  // PROTO
            let version = try cursor.byte()
            guard (2...5).contains(version) else { throw cursor.fault("pickle protocol \(version) is not supported") }
        case 0x95: try cursor.skip(8)  // FRAME
        case UInt8(ascii: "}"): stack.append(.dictionary(PickleDictionary()))
        case UInt8(ascii: "]"): stack.append(.list)
        case UInt8(ascii: ")"): stack.append(.tuple([], depth: 1))
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x88: stack.append(.bool(true))
        case 0x89: stack.append(.bool(false))
        case UInt8(ascii: "K"): stack.append(.integer(Int(try cursor.byte())))
        case UInt8(ascii: "M"): stack.append(.integer(Int(try cursor.integer(UInt16.self))))
        case UInt8(ascii: "J"): stack.append(.integer(Int(try cursor.integer(Int32.self))))
        case 0x8a: try pushLong()
        case UInt8(ascii: "G"):
            stack.append(.float(Double(bitPattern: UInt64(bigEndian: UInt64(littleEndian: try cursor.integer())))))
        case UInt8(ascii: "X"): try pushString(Int(try cursor.integer(UInt32.self)))
        case 0x8c: try pushString(Int(try cursor.byte()))
        case UInt8(ascii: "q"): memo[Int(try cursor.byte())] = try top()
        case UInt8(ascii: "r"): memo[Int(try cursor.integer(UInt32.self))] = try top()
        case 0x94: memo[memo.count] = try top()
        case UInt8(ascii: "h"): try recall(Int(try cursor.byte()))
        case UInt8(ascii: "j"): try recall(Int(try cursor.integer(UInt32.self)))
        case UInt8(ascii: "c"): try pushGlobal(module: try line(), name: try line())
        case 0x93:
            let name = try pop().string
            let module = try pop().string
            guard let module, let name else { throw cursor.fault("a global's name must be a string") }
            try pushGlobal(module: module, name: name)
        case UInt8(ascii: "t"): try pushTuple(popToMark())
        case 0x85...0x87: try pushTuple(pop(Int(opcode) - 0x84))
        case UInt8(ascii: "Q"): try pushStorage(try pop())
        case UInt8(ascii: "R"): try reduce()
        case UInt8(ascii: "s"): try setItems(pop(2))
        case UInt8(ascii: "u"): try setItems(popToMark())
        case UInt8(ascii: "a"): try appendToList(pop(1))
        case UInt8(ascii: "e"): try appendToList(popToMark())
        case UInt8(ascii: "b"): try build()
        default:
            let name = Escaping.quoted(String(Character(Unicode.Scalar(opcode))))
            throw fault("pickle opcode 0x\(String(opcode, radix: 16)) (\(name)) is not part of a state dict")
        }
    }

    private func fault(_ problem: String, found: String = "") -> CheckpointError {
        CheckpointError(
            problem, file: cursor.file, place: "data.pkl, byte \(cursor.position)", found: found,
            mend: "do not trust this file, or convert the model to safetensors")
    }

    // MARK: Stack

    private func top() throws -> PickleValue {
        guard let value = stack.last, stack.count > (marks.last ?? 0) else {
            throw fault("the pickle's stack is empty")
        }
        return value
    }

    private mutating func pop() throws -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(_ count: Int) throws -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw fault("the pickle's stack is empty") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast() else { throw fault("the pickle's mark is missing") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private mutating func recall(_ index: Int) throws {
        guard let value = memo[index] else { throw fault("memo \(index) was never set") }
        stack.append(value)
    }

    // MARK: Values

    private mutating func pushString(_ count: Int) throws {
        guard let text = String(validating: try cursor.take(count), as: UTF8.self) else {
            throw fault("a string is not valid UTF-8")
        }
        stack.append(.string(text))
    }

    /// A little-endian two's complement number of any length; eight bytes are enough for all that is a size.
    private mutating func pushLong() throws {
        let count = Int(try cursor.byte())
        guard count <= 8 else { throw fault("an integer is out of range", found: "\(count) bytes") }
        var bits: UInt64 = 0
        let bytes = try cursor.take(count)
        for (index, byte) in bytes.enumerated() { bits |= UInt64(byte) << UInt64(8 * index) }
        if let last = bytes.last, last & 0x80 != 0, count < 8 { bits |= UInt64.max << UInt64(8 * count) }
        stack.append(.integer(Int(Int64(bitPattern: bits))))
    }

    private mutating func pushTuple(_ values: [PickleValue]) throws {
        var depth = 1
        for case .tuple(_, let inner) in values { depth = max(depth, inner + 1) }
        guard depth <= PickleValue.tupleDepthCap else { throw fault("tuples are nested too deep") }
        stack.append(.tuple(values, depth: depth))
    }

    private mutating func line() throws -> String {
        String(decoding: try cursor.take(upTo: UInt8(ascii: "\n")), as: UTF8.self)
    }

    private mutating func pushGlobal(module: String, name: String) throws {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw fault("global \(Escaping.quoted("\(module).\(name)")) is not part of a state dict of tensors")
        }
        stack.append(.global(global))
    }

    /// ('storage', type, key, location, count)
    private mutating func pushStorage(_ id: PickleValue) throws {
        guard case .tuple(let values, _) = id, values.count == 5, values[0].string == "storage",
            case .global(.storage(let type)) = values[1], let key = values[2].string, let count = values[4].integer,
            count >= 0
        else { throw fault("a persistent id is not that of a storage", found: id.summary) }
        stack.append(.storage(TorchStorage(type: type, key: key, count: count)))
    }

    private mutating func reduce() throws {
        let arguments = try pop()
        let callee = try pop()
        guard case .global(let global) = callee, case .tuple(let values, _) = arguments else {
            throw fault("a call of something else than a known global", found: callee.summary)
        }
        switch global {
        case .orderedDictionary where values.isEmpty:
            stack.append(.dictionary(PickleDictionary()))
        case .rebuildParameter:
            guard case .tensor? = values.first else { throw fault("a parameter without a tensor") }
            stack.append(values[0])
        case .rebuildTensor:
            guard values.count >= 4, case .storage(let storage) = values[0], let offset = values[1].integer,
                let shape = values[2].integers, let strides = values[3].integers
            else { throw fault("_rebuild_tensor_v2 has arguments it cannot have") }
            stack.append(.tensor(TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides)))
        default:
            throw fault("a call of \(global.name) with \(values.count) arguments is not part of a state dict")
        }
    }

    private mutating func setItems(_ items: [PickleValue]) throws {
        guard case .dictionary(let dictionary) = try top(), items.count.isMultiple(of: 2) else {
            throw fault("items are set in something that is no dictionary")
        }
        for index in stride(from: 0, to: items.count, by: 2) {
            // Keys other than strings occur inside `_metadata` only, which is not kept.
            let key = items[index].string ?? items[index].summary
            if case .tensor(let tensor) = items[index + 1] {
                dictionary.entries.append((key, .tensor(tensor)))
            } else {
                dictionary.entries.append((key, .other(items[index + 1].summary)))
            }
        }
    }

    private func appendToList(_ items: [PickleValue]) throws {
        guard case .list = try top() else { throw fault("items are appended to something that is no list") }
    }

    /// Attributes of an OrderedDict (`_metadata` with version numbers): not needed.
    private mutating func build() throws {
        _ = try pop()
        guard case .dictionary = try top() else { throw fault("attributes are set on something that is no dictionary") }
    }
}
