/// What the pickle of a state dict may contain. Containers hold no containers (a list forgets its elements, a dictionary
/// keeps only tensors), so that no value is nested deeply; tuples are capped in depth.
enum PickleValue {
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    case tuple([PickleValue], depth: Int)
    case list
    case dictionary(PickleDictionary)
    case global(PickleGlobal)
    case storage(TorchStorage)
    case tensor(TorchTensor)

    static let tupleDepthCap = 16

    /// For messages.
    var summary: String {
        switch self {
        case .none: "None"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .float: "a float"
        case .string: "a string"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dictionary"
        case .global(let global): global.name
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }

    var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The integers of a tuple of integers.
    var integers: [Int]? {
        guard case .tuple(let values, _) = self else { return nil }
        let numbers = values.compactMap(\.integer)
        return numbers.count == values.count ? numbers : nil
    }
}

/// A dictionary under construction; the pickle refers to it from several places.
final class PickleDictionary {
    /// In the order of the file. Values other than tensors appear by their description.
    var entries: [(key: String, value: Item)] = []

    enum Item {
        case tensor(TorchTensor)
        case other(String)
    }
}

/// The only importable names a state dict of tensors needs.
enum PickleGlobal: Equatable {
    case rebuildTensor
    case rebuildParameter
    case orderedDictionary
    case storage(TorchStorageType)

    init?(module: String, name: String) {
        switch (module, name) {
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch", _):
            guard let type = TorchStorageType(rawValue: name) else { return nil }
            self = .storage(type)
        default: return nil
        }
    }

    var name: String {
        switch self {
        case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
        case .rebuildParameter: "torch._utils._rebuild_parameter"
        case .orderedDictionary: "collections.OrderedDict"
        case .storage(let type): "torch.\(type.rawValue)"
        }
    }
}

/// torch's typed storages.
enum TorchStorageType: String {
    case float = "FloatStorage"
    case half = "HalfStorage"
    case bfloat16 = "BFloat16Storage"
    case double = "DoubleStorage"
    case long = "LongStorage"
    case int = "IntStorage"
    case short = "ShortStorage"
    case char = "CharStorage"
    case byte = "ByteStorage"
    case bool = "BoolStorage"

    var bytes: Int {
        switch self {
        case .double, .long: 8
        case .float, .int: 4
        case .half, .bfloat16, .short: 2
        case .char, .byte, .bool: 1
        }
    }

    /// nil for types that no weight may have.
    var type: StoredType? {
        switch self {
        case .float: .f32
        case .half: .f16
        case .bfloat16: .bf16
        default: nil
        }
    }

    /// In the spelling of safetensors.
    var typeName: String {
        switch self {
        case .float: "F32"
        case .half: "F16"
        case .bfloat16: "BF16"
        case .double: "F64"
        case .long: "I64"
        case .int: "I32"
        case .short: "I16"
        case .char: "I8"
        case .byte: "U8"
        case .bool: "BOOL"
        }
    }
}

/// A reference to the zip entry `data/<key>`.
struct TorchStorage {
    let type: TorchStorageType
    let key: String
    /// Numbers in it.
    let count: Int
}

/// A view of a storage, as pickled; not yet checked against it.
struct TorchTensor {
    let storage: TorchStorage
    /// In numbers.
    let offset: Int
    let shape: [Int]
    let strides: [Int]
}
