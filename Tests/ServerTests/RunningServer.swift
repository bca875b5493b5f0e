import Foundation
import Generation
import LocalGeneration
import Server
import Synchronization
import Tensors
import TestSupport

/// A server on a free port of the loopback, for the length of a test.
final class RunningServer: Sendable {
    let port: Int
    let server: InferenceServer
    private let work: Task<Void, any Error>

    init(_ model: ServedModel, _ change: (inout ServerOptions) -> Void = { _ in }) async throws {
        var options = ServerOptions()
        options.port = 0
        options.grace = 1
        change(&options)
        let server = InferenceServer(model, options: options)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        work = Task {
            defer { continuation.finish() }
            try await server.run { continuation.yield($0) }
        }
        self.server = server
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else {
            try await work.value
            throw HTTPClient.Failure(what: "did not start")
        }
        self.port = port
    }

    func client() throws -> HTTPClient { try HTTPClient(port: port) }

    /// Returns when the server has come to its end.
    func stop() async throws {
        await server.stop()
        try await work.value
    }

    /// A value of `/metrics`.
    func metric(_ name: String) async throws -> Int? {
        let text = try await client().ask("GET", "/metrics").text
        return text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            .flatMap { Int($0.dropFirst(name.count + 1)) }
    }

    /// Waits, within bounds, until something holds.
    static func wait(_ what: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<1500 {
            if try await what() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}

enum TestModels {
    /// Bytes for tokens, and no model behind them.
    static func scripted(_ generator: ScriptedGenerator, slots: Int = 4) -> ServedModel {
        ServedModel(
            name: "scripted", generator: generator, dtype: "bf16", contextTokens: 256, slots: slots,
            hasChatTemplate: true,
            encode: { prompt in
                switch prompt {
                case .text(let text): text.utf8.map(Int.init)
                case .tokens(let ids): ids
                case .chat(let messages, let prefill):
                    (messages.map { "<\($0.role.rawValue)>\($0.content)" }.joined() + "<answer>" + prefill).utf8.map(
                        Int.init)
                }
            }, decode: { String(decoding: $0.compactMap { UInt8(exactly: $0) }, as: UTF8.self) },
            tokenBytes: { UInt8(exactly: $0).map { [$0] } })
    }

    /// The embedded model, as `yuanbench serve` serves it.
    static func nano(slots: Int = 8) throws -> (model: ServedModel, generator: LocalGenerator) {
        let source = try EmbeddedModel.withFolder { try ModelSource($0) }
        var settings = ModelSettings()
        settings.threads = 2
        let generator = try LoadedModel(source, settings: settings, batchSize: slots).generator
        let tokenizer = source.tokenizer
        let model = ServedModel(
            name: EmbeddedModel.name, generator: generator, dtype: "bf16",
            contextTokens: source.checkpoint.configuration.maxPositions, slots: slots, hasChatTemplate: true,
            encode: { try generator.encode($0) },
            decode: { tokenizer?.decode($0, skipSpecial: false) ?? "" }, tokenBytes: { tokenizer?.bytes(of: $0) })
        return (model, generator)
    }
}
