import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Hubs

/// Pulling from a server on the loopback that imitates the hubs, and lies.
@Suite struct PullTests {
    private func same(_ url: URL, as fixture: String = "golden/llama-tiny") throws -> Bool {
        for name in ["config.json", "model.safetensors"] {
            let original = try Data(contentsOf: Fixtures.url(fixture).appendingPathComponent(name))
            if try Data(contentsOf: url.appendingPathComponent(name)) != original { return false }
        }
        return true
    }

    @Test(arguments: [
        ("honest", "huggingface"), ("honest", "modelscope"), ("redirect", "huggingface"), ("relative", "huggingface"),
        ("redirect", "modelscope"), ("norange", "huggingface"), ("flaky", "huggingface"), ("cut", "modelscope"),
    ])
    func modelsCome(lie: String, source: String) async throws {
        let hub = try LyingHub()
        let url = try await hub.pull(lie, source: source)
        #expect(url.path == hub.cache.appendingPathComponent("tiny/model").path)
        #expect(try same(url))
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: url.path))
        #expect(names.isSuperset(of: ["config.json", "model.safetensors", "yuanbench-source.json"]))
        #expect(!names.contains { $0.hasSuffix(".part") || $0.hasSuffix(".py") || $0 == "lock" })
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: hub.cache.appendingPathComponent(".partial").path) == []
        )
    }

    @Test func largeFilesComeInParts() async throws {
        let hub = try LyingHub()
        _ = try await hub.pull("honest")
        let size = try Data(contentsOf: Fixtures.url("golden/llama-tiny/model.safetensors")).count
        let ranges = try hub.log().filter { $0.path.contains("model.safetensors") }.compactMap(\.range)
        #expect(ranges.count == (size + 16383) / 16384)
        #expect(Set(ranges).contains("bytes=16384-32767"))
    }

    /// Every one of these ends in an error that says why, and leaves nothing that could be taken for the model.
    @Test(arguments: [
        ("broken", HubError.Kind.unavailable, "status 500"), ("gated", .unavailable, "HF_TOKEN"),
        ("missing", .badInput, "404"), ("wrong", .untrustworthy, "checksum"), ("long", .untrustworthy, "more than"),
        ("short", .unavailable, "of"), ("misplaced", .untrustworthy, "expected bytes"),
        ("plain", .untrustworthy, "not HTTPS"), ("nowhere", .badInput, "no address"),
        ("loop", .untrustworthy, "redirects more"), ("drip", .unavailable, "bytes came in"),
        ("negative", .untrustworthy, "size"), ("hashless", .untrustworthy, "without a checksum"),
        ("html", .untrustworthy, "list of files"), ("huge", .cannotWrite, "are free"), ("dies", .unavailable, "500"),
    ])
    func liesAreRefused(lie: String, kind: HubError.Kind, words: String) async throws {
        let hub = try LyingHub()
        let error = try #require(await hub.failure(lie))
        #expect(error.kind == kind, "\(error)")
        #expect(error.message.contains(words), "\(error)")
        #expect(!error.message.contains("\u{1B}"))
        #expect(!FileManager.default.fileExists(atPath: hub.cache.appendingPathComponent("tiny").path))
        if lie == "wrong" { #expect(!hub.names().contains { $0.contains("model.safetensors") }) }
    }

    @Test func modelScopesOwnErrorsAreTold() async throws {
        let hub = try LyingHub()
        let error = try #require(await hub.failure("unknown", source: "modelscope"))
        #expect(error.kind == .badInput && error.message.contains("record not found"))
    }

    @Test func noPathOfAServerIsUsed() async throws {
        let hub = try LyingHub()
        let url = try await hub.pull("traversal")
        #expect(try same(url))
        #expect(!hub.names().contains { $0.contains("evil") || $0.contains("setup") || $0.contains("hidden") })
        #expect(!(try hub.log()).contains { $0.path.contains("evil") || $0.path.contains("setup.py") })
        let above = try FileManager.default.contentsOfDirectory(atPath: hub.cache.deletingLastPathComponent().path)
        #expect(!above.contains("evil.json"))
    }

    /// What came before an interruption is not fetched again.
    @Test func aPullGoesOn() async throws {
        let hub = try LyingHub()
        let interrupted = await hub.failure("dies")
        #expect(interrupted?.kind == .unavailable)
        let before = try hub.log().count
        let resumed = Mutex(0)
        let url = try await hub.pull("honest") { event in
            if case .received(let count, true) = event { resumed.withLock { $0 += count } }
        }
        #expect(try same(url))
        #expect(resumed.withLock { $0 } > 16384)
        let again = try hub.log()[before...]
        #expect(!again.contains { $0.path.hasSuffix("config.json") })
        #expect(!again.contains { $0.range == "bytes=0-16383" })
        // A third time there is nothing left to do but look.
        let third = try hub.log().count
        _ = try await hub.pull("honest")
        #expect(try hub.log().count == third + 1)
    }

    @Test func tokensGoToTheirServerAlone() async throws {
        let hub = try LyingHub()
        _ = try await hub.pull("redirect", environment: ["HF_TOKEN": "hf_secret"])
        let log = try hub.log()
        let own = log.filter { $0.host?.hasPrefix("127.0.0.1") ?? false }
        let other = log.filter { $0.host?.hasPrefix("localhost") ?? false }
        #expect(!own.isEmpty && own.allSatisfy { $0.authorization == "Bearer hf_secret" })
        #expect(!other.isEmpty && other.allSatisfy { $0.authorization == nil && $0.cookie == nil })
    }

    @Test func tokensAreShownNowhere() async throws {
        let token = try #require(HubToken(environment: ["HF_TOKEN": "hf_secret"], names: ["HF_TOKEN"]))
        let hub = HuggingFaceHub(endpoint: URL(string: "https://huggingface.co")!, token: token)
        var dumped = ""
        dump(hub, to: &dumped)
        for text in ["\(token)", "\(hub)", String(reflecting: hub), dumped] { #expect(!text.contains("secret")) }
        // A line end would begin a header of its own.
        #expect(throws: HubError.self) {
            try KnownHubs.named("huggingface", endpoint: nil, environment: ["HF_TOKEN": "a\r\nX: b"])
        }
    }

    @Test func aServerThatIsNotThereIsExplained() async throws {
        let client = HubClient(limits: LyingHub.limits, environment: LyingHub.environment)
        for (endpoint, words) in [
            ("http://127.0.0.1:9", "takes no connection"), ("https://no-such-host.invalid", "no-such-host"),
        ] {
            let hub = try KnownHubs.named("huggingface", endpoint: endpoint, environment: LyingHub.environment)
            do {
                _ = try await hub.list(try RepositoryName("a/b"), revision: nil, client: client)
                Issue.record("expected an error")
            } catch let error as HubError {
                #expect(error.kind == .unavailable && error.message.contains(words), "\(error)")
                #expect(error.message.contains("HTTPS_PROXY"), "\(error)")
            }
        }
    }

    @Test(arguments: ["http://huggingface.co", "ftp://a.b", "file:///etc", "https://user:pw@a.b", "nonsense", ""])
    func onlyHTTPSIsAsked(endpoint: String) {
        #expect(throws: HubError.self) { try KnownHubs.named("huggingface", endpoint: endpoint, environment: [:]) }
        // Plain HTTP on the loopback only where the environment says so, and elsewhere never.
        #expect(throws: HubError.self) {
            try KnownHubs.named("huggingface", endpoint: "http://127.0.0.1:1", environment: [:])
        }
        #expect(throws: HubError.self) {
            try KnownHubs.named("huggingface", endpoint: "http://192.0.2.1", environment: LyingHub.environment)
        }
    }

    @Test(arguments: ["", "a", "a/b/c", "../b", "a/..", "a/.b", "a b/c", "a/b\n", "/b", "a/"])
    func namesArePlain(name: String) {
        #expect(throws: HubError.self) { try RepositoryName(name) }
    }
}
