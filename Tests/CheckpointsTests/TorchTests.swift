import Foundation
import Testing

@testable import Checkpoints

/// State dicts in torch's zip/pickle format, good and hostile.
struct TorchTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func open(_ bytes: [UInt8]) throws -> TorchFile {
        try TorchFile(MappedFile(folder.write("pytorch_model.bin", bytes)))
    }

    private func message(_ bytes: [UInt8]) -> String {
        do {
            _ = try open(bytes)
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    /// A dictionary with one tensor `w` over storage "0" of six fp32 numbers.
    private func message(
        type: String = "FloatStorage", count: Int = 6, offset: Int = 0, shape: [Int], strides: [Int],
        storage: String = "0"
    ) -> String {
        var pickle = PickleBuilder()
        pickle.opcodes("}")
        pickle.string("w")
        pickle.tensor(storage, type: type, count: count, offset: offset, shape: shape, strides: strides)
        pickle.opcodes("s")
        return message(pickle.file(["0": .floats([1, 2, 3, 4, 5, 6])]))
    }

    @Test(arguments: [false, true])
    func viewsOfASharedStorage(zip64: Bool) throws {
        var pickle = PickleBuilder()
        pickle.global("collections", "OrderedDict")
        pickle.opcodes(")Rq\u{1}(")
        pickle.string("embed")
        pickle.tensor("0", count: 6, shape: [2, 3], strides: [3, 1])
        pickle.string("tail")
        pickle.tensor("0", count: 6, offset: 4, shape: [2, 1], strides: [1, 7])
        pickle.string("steps")
        pickle.tensor("1", type: "LongStorage", count: 1, shape: [], strides: [])
        pickle.opcodes("u}")
        // state_dict() carries its versions as an attribute: an OrderedDict of dictionaries.
        pickle.string("_metadata")
        pickle.global("collections", "OrderedDict")
        pickle.opcodes(")R")
        pickle.string("")
        pickle.opcodes("}")
        pickle.string("version")
        pickle.opcodes("K\u{1}sssb")
        var zip = ZipBuilder()
        zip.zip64 = zip64
        let file = try open(
            pickle.file(["0": .floats([1, 2, 3, 4, 5, 6]), "1": [UInt8](repeating: 0, count: 8)], zip: zip))
        #expect(file.tensors.map(\.name) == ["embed", "tail", "steps"])
        #expect(file.tensors.map(\.typeName) == ["F32", "F32", "I64"])
        let values = try file.tensors.prefix(2).map {
            try StoredTensor(name: $0.name, entry: $0, type: #require($0.type)).readAll()
        }
        #expect(values == [[1, 2, 3, 4, 5, 6], [5, 6]])
    }

    @Test func nothingIsExecuted() {
        var pickle = PickleBuilder()
        pickle.global("posix", "system")
        pickle.string("true")
        pickle.opcodes("\u{85}R")
        #expect(message(pickle.file([:])).contains("global 'posix.system' is not part of a state dict"))

        pickle = PickleBuilder()
        pickle.global("torch", "load")
        #expect(message(pickle.file([:])).contains("global 'torch.load'"))

        pickle = PickleBuilder()
        pickle.opcodes("(S'true'\niposix\nsystem\n")
        #expect(message(pickle.file([:])).contains("pickle opcode 0x53 ('S')"))

        pickle = PickleBuilder()
        pickle.global("torch", "FloatStorage")
        pickle.opcodes(")R")
        #expect(message(pickle.file([:])).contains("a call of torch.FloatStorage"))
    }

    @Test func malformedPickles() {
        for (opcodes, reason) in [
            ("", "stack is empty"), ("R", "stack is empty"), ("t", "mark is missing"),
            ("h\u{7}", "memo 7 was never set"),
            ("]", "no state dict"), (")s", "stack is empty"), ("}NN(u", "items are set"),
            ("NQ", "not that of a storage"),
            ("X\u{7f}\u{7f}\u{7f}\u{7f}", "unexpected end of file"), ("}N)b", "something that is no dictionary"),
        ] {
            var pickle = PickleBuilder()
            pickle.opcodes(opcodes)
            let text = message(pickle.file([:]))
            #expect(text.contains(reason), "\(opcodes): \(text)")
        }
        var deep = PickleBuilder()
        deep.opcodes(")")
        deep.bytes += [UInt8](repeating: 0x85, count: 1_000_000)
        #expect(message(deep.file([:])).contains("nested too deep"))
        var wide = PickleBuilder()
        wide.bytes += [UInt8](repeating: UInt8(ascii: ")"), count: 3_000_000)
        #expect(message(wide.file([:])).contains("too many values"))
        var plain = PickleBuilder()
        plain.opcodes("}")
        plain.string("epoch")
        plain.opcodes("K\u{3}s")
        #expect(message(plain.file([:])).contains("key 'epoch'"))
    }

    @Test func tensorsAreCheckedAgainstTheirStorage() {
        #expect(message(shape: [2, 3], strides: [3, 1]) == "accepted")
        #expect(message(shape: [0, 9], strides: [9, 1]) == "accepted")
        #expect(message(shape: [3, 2], strides: [1, 3]).contains("not contiguous"))
        #expect(message(offset: 1, shape: [2, 3], strides: [3, 1]).contains("beyond its storage"))
        #expect(message(offset: -1, shape: [2, 3], strides: [3, 1]).contains("negative"))
        #expect(message(shape: [-2, -3], strides: [-3, 1]).contains("negative dimension"))
        #expect(message(count: 7, shape: [7], strides: [1]).contains("shorter than declared"))
        #expect(message(type: "DoubleStorage", shape: [3], strides: [1]).contains("shorter than declared"))
        #expect(message(shape: [2, 3], strides: [3, 1], storage: "7").contains("storage '7' is missing"))
        #expect(message(shape: [2, 3], strides: [3, 1], storage: "../0").contains("missing"))
        #expect(message(shape: [6], strides: []).contains("differ in length"))
        let huge = [Int](repeating: Int(Int32.max), count: 8)
        #expect(message(shape: huge, strides: huge).contains("overflows"))
    }

    @Test func otherFiles() {
        #expect(message([0x80, 2, 0x8a, 10, 0x6c, 0xfc]).contains("legacy torch file"))
        #expect(message([]).contains("not a torch checkpoint"))
        #expect(message(Array("PK\u{3}\u{4}".utf8)).contains("truncated"))
        var zip = ZipBuilder()
        zip.entries = [("model/weights", [1])]
        #expect(message(zip.bytes).contains("data.pkl"))
        zip.method = 8
        #expect(message(zip.bytes).contains("compressed"))
        zip = ZipBuilder()
        zip.entries = [("model/byteorder", Array("big".utf8))]
        var pickle = PickleBuilder()
        pickle.opcodes("}")
        #expect(message(pickle.file([:], zip: zip)).contains("duplicate entry"))
    }
}
