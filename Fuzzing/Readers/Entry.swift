import Foundation
import Synchronization

/// The reader under test and its folder, set once at start.
private let target = Mutex<(reader: FuzzReader, folder: URL)?>(nil)

/// Chooses the reader by the environment variable `YUANBENCH_FUZZ_READER`. Called by `Fuzzing/Harness/entry.c`.
@_cdecl("yuanbench_fuzz_start") public func fuzzStart() {
    let name = ProcessInfo.processInfo.environment["YUANBENCH_FUZZ_READER"] ?? ""
    guard let reader = FuzzReaders.named(name), let folder = try? reader.workFolder() else {
        let known = FuzzReaders.all.map(\.name).joined(separator: " ")
        FileHandle.standardError.write(Data("YUANBENCH_FUZZ_READER must be one of: \(known)\n".utf8))
        exit(64)
    }
    target.withLock { $0 = (reader, folder) }
    if let seeds = ProcessInfo.processInfo.environment["YUANBENCH_FUZZ_SEEDS"] {
        layOut(reader, in: URL(fileURLWithPath: seeds))
    }
    atexit { target.withLock { if let folder = $0?.folder { try? FileManager.default.removeItem(at: folder) } } }
}

/// Lets the reader read one input.
@_cdecl("yuanbench_fuzz_one") public func fuzzOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
    guard let (reader, folder) = target.withLock({ $0 }) else { return }
    reader.run(UnsafeRawBufferPointer(start: bytes, count: count), in: folder)
}

/// Copies the seeds into a corpus folder and writes the words, as a libFuzzer dictionary, beside it.
private func layOut(_ reader: FuzzReader, in folder: URL) {
    for (number, seed) in reader.seedFiles().enumerated() {
        let target = folder.appendingPathComponent("seed-\(number)")
        try? Data(contentsOf: seed).write(to: target)
    }
    let words = reader.words.map { word in
        "\"" + word.utf8.map { "\\x" + String(UInt32($0) + 256, radix: 16).dropFirst() }.joined() + "\"\n"
    }
    try? words.joined().write(toFile: folder.path + ".words", atomically: true, encoding: .utf8)
}
