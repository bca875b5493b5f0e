import Foundation
import LocalGeneration
import RemoteGeneration
import RunRecords

/// A group of endpoints that was found alive, ready to be asked.
struct EndpointSession {
    let group: EndpointGroup
    /// As the server names it.
    let model: String
    /// Some servers name a model by the path of its file.
    var shownModel: String {
        guard model.hasPrefix("/") else { return model }
        let last = URL(fileURLWithPath: model).lastPathComponent
        return last.hasSuffix(".gguf") ? String(last.dropLast(5)) : last
    }
    let generator: RemoteGenerator
    let concurrency: Int?
    private let sendsTokens: Bool

    /// Looks at the servers and settles the model's name.
    /// - Parameters:
    ///   - model: as given with --model; the embedded model's name, which is the default, leaves it to the server.
    ///   - connections: at the same time at most.
    ///   - concurrency: as reports tell it; nil where it changes.
    init(
        _ group: EndpointGroup, model: String, arguments: EndpointArguments, tokenizer: EndpointTokenizer?,
        connections: Int, concurrency: Int?, retries: Int
    ) async throws {
        self.group = group
        self.concurrency = concurrency
        sendsTokens = arguments.sendTokens
        let key = RemoteSettings.apiKey()
        self.model = try await Self.model(group, wanted: model, key: key)
        var settings = RemoteSettings(model: self.model)
        settings.apiKey = key
        settings.concurrency = connections
        settings.inactivity = arguments.inactivityTimeout
        settings.retries = retries
        if let tokenizer {
            settings.count = { tokenizer.count($0, $1) }
            if arguments.sendTokens { settings.render = { .tokens(try tokenizer.encoder.encode($0)) } }
        }
        generator = RemoteGenerator(group.endpoints, settings: settings)
    }

    private static func model(_ group: EndpointGroup, wanted: String, key: String?) async throws -> String {
        let probe = EndpointProbe(group.endpoints, apiKey: key)
        var chosen: String?
        for endpoint in group.endpoints {
            let offered: [String]?
            do {
                offered = try await probe.models(of: endpoint)
            } catch let error as EndpointError {
                throw Failure(Exit.missing, error.message)
            }
            if wanted != EmbeddedModel.name || offered?.contains(wanted) == true {
                chosen = wanted
                continue
            }
            // One that keeps no list has what the others have.
            guard let offered else { continue }
            guard offered.count == 1 else {
                let list = offered.prefix(10).joined(separator: ", ")
                throw Failure(
                    Exit.usage, "endpoint \(endpoint) offers \(offered.count) models (\(list)); choose one by --model")
            }
            let name = offered[0]
            if let chosen, chosen != name {
                throw Failure(
                    Exit.usage,
                    "endpoints \(group.name) offer different models (\(chosen), \(name)); give them different labels, or --model"
                )
            }
            chosen = name
        }
        guard let chosen else {
            throw Failure(Exit.usage, "endpoint \(group.name) offers no list of models; name the model by --model")
        }
        return chosen
    }

    /// What the report says of it.
    /// - Parameters:
    ///   - isChat: whether problems are put as conversations.
    ///   - sent: what is sent where nothing else follows.
    func record(isChat: Bool, sent: String? = nil, account: RemoteAccount, since earlier: RemoteAccount? = nil)
        -> EndpointRecord
    {
        var counts: [String: Int] = [:]
        for (who, count) in account.counting {
            let new = count - (earlier?.counting[who] ?? 0)
            if new > 0 { counts[who.rawValue] = new }
        }
        return EndpointRecord(
            label: group.label, urls: group.endpoints.map(\.description), model: model,
            route: isChat && !sendsTokens ? "/v1/chat/completions" : "/v1/completions",
            prompts: sendsTokens ? "token ids" : sent ?? (isChat ? "messages" : "text"), concurrency: concurrency,
            requests: account.sent.enumerated().map { $0.element - (earlier?.sent[$0.offset] ?? 0) },
            retries: account.retries - (earlier?.retries ?? 0), tokenCounts: counts, losses: account.losses)
    }
}
