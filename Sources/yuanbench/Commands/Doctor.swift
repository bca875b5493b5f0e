import ArgumentParser
import Execution
import Foundation
import Performance
import RunRecords
import Tensors

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what this host offers: processor, limits, OpenBLAS, kernels, isolation, interpreters.",
        discussion: "Example:\n  yuanbench doctor --json")

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    private struct Findings: Encodable {
        var host: HostRecord
        var threads: Int
        var batchInvariant: Bool
        var limits: [Limits]
        var isolation: IsolationDescription?
        var isolationProblem: String?
    }

    /// What `bench` compares with: measured now, so other work on the host lowers it.
    private struct Limits: Encodable {
        var threads: Int
        /// Of a buffer far larger than the caches; nil where there is no memory for it.
        var readBytesPerS: Double?
        /// By dtype, of the instruction by which its products are computed.
        var flopsPerS: [String: Double]

        init(threads: Int) throws {
            let probe = try MachineProbe(
                threads: threads, lastLevelCacheBytes: CPUFrequency.lastLevelCacheBytes())
            self.threads = probe.threads
            readBytesPerS = try? probe.readBandwidth()
            flopsPerS = Dictionary(
                uniqueKeysWithValues: DType.allCases.map { ($0.rawValue, probe.arithmeticPeak($0)) })
        }

        var text: String {
            let read = readBytesPerS.map { String(format: "reads %.1f GB/s", $0 / 1e9) } ?? "bandwidth not measured"
            let flops = flopsPerS.sorted { $0.key < $1.key }
                .map { String(format: "\($0.key) %.0f GFLOP/s", $0.value / 1e9) }
            return ([read] + flops).joined(separator: ", ")
        }
    }

    func run() async throws {
        let backend = try Backend(dtype: .fp32).description
        var findings = Findings(
            host: Host.record(backend), threads: backend.threads, batchInvariant: backend.batchInvariant,
            limits: try Set([1, backend.threads]).sorted().map { try Limits(threads: $0) })
        do {
            findings.isolation = try await Box.make(
                isolation: .required, workers: 1, languages: ["cpp", "js", "sh", "swift"]
            ).isolation
        } catch {
            findings.isolationProblem = "\(error)"
        }
        if json {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try Output.write(String(decoding: try encoder.encode(findings), as: UTF8.self) + "\n")
        } else {
            try Output.write(text(findings))
        }
    }

    private func text(_ findings: Findings) -> String {
        let host = findings.host
        var lines = [
            ("processor", "\(host.cpu), \(host.logicalCores) logical cores"),
            ("features", host.features.joined(separator: " ")),
            ("memory", String(format: "%.1f GiB", Double(host.memoryBytes) / 1_073_741_824)),
            ("system", "\(host.os), kernel \(host.kernel)"),
            ("OpenBLAS", "\(host.blas.version), core \(host.blas.core)"),
            ("kernels", host.kernels),
            ("threads", "\(findings.threads)"),
            ("OpenBLAS tiles", findings.batchInvariant ? "batch invariant" : "NOT batch invariant on this host"),
        ]
        for limits in findings.limits {
            lines.append(("limits, \(limits.threads) thr.", limits.text))
        }
        if let isolation = findings.isolation {
            lines.append(("isolation", "\(isolation.level): \(isolation.description)"))
            for (name, version) in isolation.interpreters.sorted(by: { $0.key < $1.key }) {
                lines.append((name, version))
            }
        } else {
            lines.append(("isolation", "none: \(findings.isolationProblem ?? "")"))
        }
        return lines.map { $0.0.padding(toLength: 16, withPad: " ", startingAt: 0) + $0.1 + "\n" }.joined()
    }
}

/// The host's record, with what the engine's backend knows of it.
enum Host {
    static func record(_ backend: BackendDescription) -> HostRecord {
        HostInfo.record(
            blas: BLASRecord(
                library: backend.openblasConfig, version: backend.openblasVersion, core: backend.openblasCore,
                threads: backend.threads), kernels: backend.isa)
    }
}
