import Foundation
import TestSupport

@testable import Hubs

/// `Tests/Fixtures/hubs/lying_hub.py` under way, serving the tiny Llama checkpoint.
final class LyingHub: Sendable {
    let port: Int
    private let process: ProcessBox
    /// A cache of its own.
    let cache: URL

    private final class ProcessBox: @unchecked Sendable {
        let process = Process()
        let input = Pipe()
    }

    init(_ model: String = "golden/llama-tiny") throws {
        process = ProcessBox()
        process.process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.process.arguments = [
            "python3", Fixtures.url("hubs/lying_hub.py").path, Fixtures.url(model).path,
        ]
        let output = Pipe()
        process.process.standardInput = process.input
        process.process.standardOutput = output
        try process.process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        cache = FileManager.default.temporaryDirectory.appendingPathComponent("hubs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
    }

    deinit {
        try? process.input.fileHandleForWriting.close()
        process.process.waitUntilExit()
        try? FileManager.default.removeItem(at: cache)
    }

    static let environment = [HubAddress.loopbackVariable: "1"]

    /// Quick to give up, and in small pieces.
    static var limits: HubLimits {
        var limits = HubLimits()
        limits.patience = 10
        limits.slowSeconds = 1
        limits.slowBytes = 1000
        limits.pause = 0.01
        limits.tries = 3
        limits.chunk = 16384
        return limits
    }

    func endpoint(_ lie: String) -> String { "http://127.0.0.1:\(port)/\(lie)" }

    func pull(
        _ lie: String, source: String = "huggingface", environment: [String: String] = [:], limits: HubLimits = limits,
        wanted: String? = nil, tell: @escaping @Sendable (ModelPull.Event) -> Void = { _ in }
    ) async throws -> URL {
        let environment = Self.environment.merging(environment) { $1 }
        let hub = try KnownHubs.named(source, endpoint: endpoint(lie), environment: environment)
        return try await ModelPull(
            hub: hub, client: HubClient(limits: limits, environment: environment), cache: cache
        ).pull(try RepositoryName("tiny/model"), wanted: wanted, tell: tell)
    }

    /// Why a pull did not succeed.
    func failure(_ lie: String, source: String = "huggingface") async -> HubError? {
        do {
            _ = try await pull(lie, source: source)
            return nil
        } catch {
            return error as? HubError
        }
    }

    struct Request: Decodable {
        var path: String
        var host: String?
        var range: String?
        var authorization: String?
        var cookie: String?
    }

    func log() throws -> [Request] {
        let data = try Data(contentsOf: URL(string: "http://127.0.0.1:\(port)/log")!)
        return try JSONDecoder().decode([Request].self, from: data).filter { $0.path != "/log" }
    }

    /// Names below the cache, folders with a slash.
    func names() -> [String] {
        let all = FileManager.default.enumerator(atPath: cache.path)?.compactMap { $0 as? String } ?? []
        return all.sorted()
    }
}
