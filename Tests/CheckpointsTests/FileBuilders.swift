import Foundation

@testable import Checkpoints

/// A folder that is gone when the object is.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> URL {
        let file = url.appendingPathComponent(name)
        try Data(bytes).write(to: file)
        return file
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> URL { try write(name, Array(text.utf8)) }
}

extension [UInt8] {
    mutating func append<T: FixedWidthInteger>(integer value: T) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    static func floats(_ values: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in values { bytes.append(integer: value.bitPattern) }
        return bytes
    }
}

/// Writes a safetensors file of fp32 tensors.
func safetensors(_ tensors: [(name: String, shape: [Int], values: [Float])]) -> [UInt8] {
    var header: [String] = []
    var data: [UInt8] = []
    for tensor in tensors {
        let start = data.count
        data += [UInt8].floats(tensor.values)
        header.append(
            "\"\(tensor.name)\":{\"dtype\":\"F32\",\"shape\":\(tensor.shape),\"data_offsets\":[\(start),\(data.count)]}"
        )
    }
    let text = Array("{\(header.joined(separator: ","))}".utf8)
    var file: [UInt8] = []
    file.append(integer: UInt64(text.count))
    return file + text + data
}

/// Writes GGUF files.
struct GGUFBuilder {
    var version: UInt32 = 3
    var pairs: [[UInt8]] = []
    var tensors: [(name: String, shape: [Int], type: UInt32, bytes: [UInt8])] = []
    var alignment = 32

    private static func string(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(integer: UInt64(text.utf8.count))
        return bytes + Array(text.utf8)
    }

    mutating func add(_ key: String, type: UInt32, _ value: [UInt8]) {
        var bytes = Self.string(key)
        bytes.append(integer: type)
        pairs.append(bytes + value)
    }

    mutating func add(_ key: String, _ value: Int) {
        var bytes: [UInt8] = []
        bytes.append(integer: UInt32(truncatingIfNeeded: value))
        add(key, type: 4, bytes)
    }

    mutating func add(_ key: String, _ value: Float) { add(key, type: 6, .floats([value])) }
    mutating func add(_ key: String, _ value: String) { add(key, type: 8, Self.string(value)) }

    mutating func add(_ key: String, _ values: [String]) {
        var bytes: [UInt8] = []
        bytes.append(integer: UInt32(8))
        bytes.append(integer: UInt64(values.count))
        for value in values { bytes += Self.string(value) }
        add(key, type: 9, bytes)
    }

    /// `shape`: outermost first, as Hugging Face has it.
    mutating func tensor(_ name: String, _ shape: [Int], _ values: [Float]) {
        tensors.append((name, shape, 0, .floats(values)))
    }

    var bytes: [UInt8] {
        var file = Array("GGUF".utf8)
        file.append(integer: version)
        file.append(integer: UInt64(tensors.count))
        file.append(integer: UInt64(pairs.count))
        for pair in pairs { file += pair }
        var data: [UInt8] = []
        for tensor in tensors {
            file += Self.string(tensor.name)
            file.append(integer: UInt32(tensor.shape.count))
            for dimension in tensor.shape.reversed() { file.append(integer: UInt64(dimension)) }
            file.append(integer: tensor.type)
            file.append(integer: UInt64(data.count))
            data += tensor.bytes
            while data.count % alignment != 0 { data.append(0) }
        }
        while file.count % alignment != 0 { file.append(0) }
        return file + data
    }

    /// A model of one layer with 2 heads of 4 over 8 dimensions, 1 key/value head and 6 tokens; number i of a tensor is i.
    static func model(_ architecture: String) -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.add("general.architecture", architecture)
        for (key, value) in [
            ("block_count", 1), ("context_length", 64), ("embedding_length", 8), ("feed_forward_length", 12),
            ("attention.head_count", 2), ("attention.head_count_kv", 1), ("rope.dimension_count", 4),
        ] {
            builder.add("\(architecture).\(key)", value)
        }
        builder.add("\(architecture).attention.layer_norm_rms_epsilon", Float(1e-5))
        builder.add("\(architecture).rope.freq_base", Float(50000))
        builder.add("tokenizer.ggml.model", "gpt2")
        builder.add("tokenizer.ggml.pre", "qwen2")
        builder.add("tokenizer.ggml.tokens", ["a", "b", "ab", "<s>", "</s>", "<eot>"])
        builder.add("tokenizer.ggml.merges", ["a b"])
        builder.add("tokenizer.ggml.bos_token_id", 3)
        builder.add("tokenizer.ggml.eos_token_id", 4)
        builder.add("tokenizer.ggml.eot_token_id", 5)
        func add(_ name: String, _ shape: [Int]) {
            builder.tensor(name, shape, (0..<shape.reduce(1, *)).map(Float.init))
        }
        add("token_embd.weight", [6, 8])
        add("blk.0.attn_norm.weight", [8])
        add("blk.0.attn_q.weight", [8, 8])
        add("blk.0.attn_k.weight", [4, 8])
        add("blk.0.attn_v.weight", [4, 8])
        add("blk.0.attn_output.weight", [8, 8])
        if architecture == "qwen2" { add("blk.0.attn_q.bias", [8]) }
        add("blk.0.ffn_norm.weight", [8])
        add("blk.0.ffn_gate.weight", [12, 8])
        add("blk.0.ffn_up.weight", [12, 8])
        add("blk.0.ffn_down.weight", [8, 12])
        add("output_norm.weight", [8])
        return builder
    }
}

/// Writes zip files as torch does: stored entries, no compression; `zip64` moves sizes and offsets into extra fields.
struct ZipBuilder {
    var entries: [(name: String, bytes: [UInt8])] = []
    var method: UInt16 = 0
    var zip64 = false

    var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content) in entries {
            let offset = file.count
            file.append(integer: UInt32(0x0403_4b50))
            file += [UInt8](repeating: 0, count: 22)
            file.append(integer: UInt16(name.utf8.count))
            file.append(integer: UInt16(3))
            file += Array(name.utf8) + [1, 2, 3] + content

            directory.append(integer: UInt32(0x0201_4b50))
            directory += [0, 0, 0, 0, 0, 8]
            directory.append(integer: method)
            directory += [UInt8](repeating: 0, count: 8)
            for value in [content.count, content.count] {
                directory.append(integer: zip64 ? UInt32.max : UInt32(value))
            }
            directory.append(integer: UInt16(name.utf8.count))
            directory.append(integer: UInt16(zip64 ? 28 : 0))
            directory += [UInt8](repeating: 0, count: 10)
            directory.append(integer: zip64 ? UInt32.max : UInt32(offset))
            directory += Array(name.utf8)
            if zip64 {
                directory.append(integer: UInt16(1))
                directory.append(integer: UInt16(24))
                for value in [content.count, content.count, offset] { directory.append(integer: UInt64(value)) }
            }
        }
        let start = file.count
        file += directory
        let end = file.count
        if zip64 {
            file.append(integer: UInt32(0x0606_4b50))
            file += [UInt8](repeating: 0, count: 20)
            for value in [entries.count, entries.count, directory.count, start] { file.append(integer: UInt64(value)) }
            file.append(integer: UInt32(0x0706_4b50))
            file += [0, 0, 0, 0]
            file.append(integer: UInt64(end))
            file += [1, 0, 0, 0]
        }
        file.append(integer: UInt32(0x0605_4b50))
        file += [0, 0, 0, 0]
        for _ in 0..<2 { file.append(integer: zip64 ? UInt16.max : UInt16(entries.count)) }
        file.append(integer: UInt32(directory.count))
        file.append(integer: zip64 ? UInt32.max : UInt32(start))
        return file + [0, 0]
    }
}

/// Writes pickles of protocol 2.
struct PickleBuilder {
    var bytes: [UInt8] = [0x80, 2]

    mutating func opcodes(_ text: String) { bytes += Array(text.utf8) }

    mutating func global(_ module: String, _ name: String) { opcodes("c\(module)\n\(name)\n") }

    mutating func string(_ text: String) {
        opcodes("X")
        bytes.append(integer: UInt32(text.utf8.count))
        opcodes(text)
    }

    mutating func integer(_ value: Int) {
        opcodes("J")
        bytes.append(integer: Int32(value))
    }

    mutating func tuple(_ values: [Int]) {
        opcodes("(")
        for value in values { integer(value) }
        opcodes("t")
    }

    /// Pushes a tensor that views `storage` of `count` numbers.
    mutating func tensor(
        _ storage: String, type: String = "FloatStorage", count: Int, offset: Int = 0, shape: [Int], strides: [Int]
    ) {
        global("torch._utils", "_rebuild_tensor_v2")
        opcodes("((")
        string("storage")
        global("torch", type)
        string(storage)
        string("cpu")
        integer(count)
        opcodes("tQ")
        integer(offset)
        tuple(shape)
        tuple(strides)
        bytes.append(0x89)
        global("collections", "OrderedDict")
        opcodes(")RtR")
    }

    /// A torch file with this pickle, ended, and `storages`.
    func file(_ storages: [String: [UInt8]], zip: ZipBuilder = ZipBuilder()) -> [UInt8] {
        var zip = zip
        zip.entries.append(("model/data.pkl", bytes + Array(".".utf8)))
        zip.entries.append(("model/byteorder", Array("little".utf8)))
        for (key, content) in storages.sorted(by: { $0.key < $1.key }) {
            zip.entries.append(("model/data/\(key)", content))
        }
        return zip.bytes
    }
}
