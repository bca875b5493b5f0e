import Foundation
import RunRecords

/// A graphics processor at one moment.
package struct DeviceReading: Sendable, Equatable {
    package var index: Int
    package var name: String?
    package var memoryTotalBytes: Double?
    package var memoryUsedBytes: Double?
    package var powerW: Double?
    /// 0…1.
    package var utilization: Double?
}

/// The tools by which graphics processors are looked at.
package enum DeviceTool: String, Sendable, CaseIterable {
    case nvidia = "nvidia-smi"
    case rocm = "rocm-smi"

    var arguments: [String] {
        switch self {
        case .nvidia:
            [
                "--query-gpu=index,name,memory.total,memory.used,power.draw,utilization.gpu",
                "--format=csv,noheader,nounits",
            ]
        case .rocm: ["--showproductname", "--showmeminfo", "vram", "--showpower", "--showuse", "--json"]
        }
    }

    /// What the tool printed; empty if it is nothing of the kind.
    package func readings(in output: String) -> [DeviceReading] {
        switch self {
        case .nvidia: output.split(whereSeparator: \.isNewline).compactMap(Self.nvidia)
        case .rocm: Self.rocm(output)
        }
    }

    /// `0, NVIDIA A10, 23028, 512, 56.20, 3`, in MiB, W and %; `[N/A]` for what a card does not tell.
    private static func nvidia(_ line: Substring) -> DeviceReading? {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard fields.count >= 6, let index = Int(fields[0]) else { return nil }
        // A name may hold a comma: the numbers are counted from the end.
        let numbers = fields.suffix(4).map { Double($0) }
        return DeviceReading(
            index: index, name: fields[1..<(fields.count - 4)].joined(separator: ","),
            memoryTotalBytes: numbers[0].map { $0 * 1_048_576 }, memoryUsedBytes: numbers[1].map { $0 * 1_048_576 },
            powerW: numbers[2], utilization: numbers[3].map { $0 / 100 })
    }

    /// `{"card0": {"VRAM Total Memory (B)": "…", …}, "system": {…}}`; the names of keys differ a little between versions.
    private static func rocm(_ output: String) -> [DeviceReading] {
        guard let object = try? JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] else {
            return []
        }
        return object.compactMap { card, value -> DeviceReading? in
            guard card.hasPrefix("card"), let index = Int(card.dropFirst(4)), let facts = value as? [String: Any] else {
                return nil
            }
            func text(_ words: String...) -> String? {
                let key = facts.keys.sorted().first { key in words.allSatisfy { key.lowercased().contains($0) } }
                return key.flatMap { facts[$0] }.map { "\($0)" }
            }
            func number(_ value: String?) -> Double? {
                value.flatMap { Double($0.trimmingCharacters(in: .whitespaces)) }
            }
            return DeviceReading(
                index: index, name: text("card", "series") ?? text("card", "model"),
                memoryTotalBytes: number(text("vram", "total memory")),
                memoryUsedBytes: number(text("vram", "used")), powerW: number(text("power", "(w)")),
                utilization: number(text("gpu use", "%")).map { $0 / 100 })
        }.sorted { $0.index < $1.index }
    }

    /// The tool that is installed here; nil if none is.
    package static func installed(path: String = ProcessInfo.processInfo.environment["PATH"] ?? "") -> (
        tool: DeviceTool, file: String
    )? {
        for tool in allCases {
            for folder in path.split(separator: ":") {
                let file = "\(folder)/\(tool.rawValue)"
                if FileManager.default.isExecutableFile(atPath: file) { return (tool, file) }
            }
        }
        return nil
    }

    /// Runs the tool once.
    package func read(file: String) -> [DeviceReading] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: file)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        guard (try? process.run()) != nil else { return [] }
        let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? readings(in: String(decoding: data, as: UTF8.self)) : []
    }
}
