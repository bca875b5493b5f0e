import Foundation

extension HostInfo {
    /// Extensions that decide which kernels run and how fast; the rest of a hundred flags says nothing here.
    private static let relevant: Set<String> = [
        "sse4_2", "avx", "avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512dq", "avx512vl",
        "avx512_vnni",
        "avx512_bf16", "avx512_fp16", "amx_tile", "amx_bf16", "amx_int8",
        "asimd", "asimdhp", "asimddp", "asimdfhm", "bf16", "i8mm", "sve", "sve2", "svebf16", "sme",
    ]

    /// Arm's numbers of its own designs; Linux names no model on arm64.
    private static let armParts = [
        "0xd08": "Cortex-A72", "0xd0b": "Cortex-A76", "0xd0c": "Neoverse N1", "0xd40": "Neoverse V1",
        "0xd49": "Neoverse N2", "0xd4f": "Neoverse V2",
    ]

    static func cpuModel(cpuinfo: String) -> String {
        if let name = ProcFile.value("model name", in: cpuinfo) { return name }
        if let implementer = ProcFile.value("CPU implementer", in: cpuinfo),
            let part = ProcFile.value("CPU part", in: cpuinfo)
        {
            if implementer == "0x41", let name = armParts[part] { return "Arm \(name)" }
            return "arm64, implementer \(implementer), part \(part)"
        }
        return system("machdep.cpu.brand_string") ?? "unknown"
    }

    /// In the host's order.
    static func features(cpuinfo: String) -> [String] {
        let flags = ProcFile.value("flags", in: cpuinfo) ?? ProcFile.value("Features", in: cpuinfo) ?? ""
        return flags.split(separator: " ").map(String.init).filter(relevant.contains)
    }

    /// A string that macOS knows by name.
    private static func system(_ name: String) -> String? {
        #if canImport(Darwin)
            var size = 0
            guard sysctlbyname(name, nil, &size, nil, 0) == 0, size > 1 else { return nil }
            var bytes = [UInt8](repeating: 0, count: size)
            guard sysctlbyname(name, &bytes, &size, nil, 0) == 0 else { return nil }
            return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        #else
            return nil
        #endif
    }
}
