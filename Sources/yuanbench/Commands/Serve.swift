import ArgumentParser
import Foundation
import Generation
import LocalGeneration
import Performance
import Server
import Tensors

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves a model by the OpenAI protocol, with a chat page and a page of runs.",
        discussion: """
            Listens on this host alone unless --host says otherwise; for others to reach it, it needs a key, in \
            YUANBENCH_SERVE_KEY or --api-key-file. Prints its address on stdout once it is ready. Ctrl-C lets running \
            answers finish within --grace seconds.

            Example:
              yuanbench serve --model smollm2-135m-instruct --port 8080
              curl http://127.0.0.1:8080/v1/chat/completions -H 'Content-Type: application/json' \\
                -d '{"messages": [{"role": "user", "content": "What is a palindrome?"}]}'
            """)

    @OptionGroup var modelArguments: ModelArguments

    @Option(name: .long, help: "Arithmetic: fp32, bf16 or fp16 (default: the checkpoint's own).")
    var dtype: DType?

    @Option(name: .long, help: "Address or name to listen on.")
    var host = "127.0.0.1"

    @Option(name: .long, help: "Port to listen on, 0 for any free one.")
    var port = 8080

    @Option(
        name: .long, help: ArgumentHelp("What clients call the model (default: --model).", valueName: "name"))
    var servedName: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Answers generated side by side: a number, or auto by the free memory.", valueName: "n|auto")
    )
    var batchSize: BatchSize = .auto

    @Option(name: .long, help: "Answers that may wait for a place; beyond them requests are refused with 429.")
    var queue = ServerLimits().queuedSequences

    @Option(name: .long, help: "Tokens of a prompt at most (default: what the context leaves room for).")
    var maxPromptTokens: Int?

    @Option(name: .long, help: "Bytes of a request at most.")
    var maxBodyBytes = ServerLimits().bodyBytes

    @Option(name: .long, help: "Open connections at most.")
    var maxConnections = ServerLimits().connections

    @Option(name: .long, help: ArgumentHelp("A file that holds the key clients must show.", valueName: "file"))
    var apiKeyFile: String?

    @Flag(name: .long, help: "Let everybody who reaches --host use the model, without a key.")
    var allowAnonymous = false

    @Option(
        name: .long,
        help: ArgumentHelp("A further name that requests may be addressed to (repeatable).", valueName: "name"))
    var allowedHost: [String] = []

    @Option(name: .long, help: "Seconds that running answers get to finish when the server is stopped.")
    var grace = 10.0

    @Option(name: .long, help: ArgumentHelp("Folder whose runs are shown at /runs.", valueName: "folder"))
    var runs = "runs"

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["--runs": runs, "--api-key-file": apiKeyFile])
        guard (0...65535).contains(port) else { throw ValidationError("--port is \(port), expected 0 to 65535.") }
        for (name, value, least) in [
            ("--queue", queue, 0), ("--max-prompt-tokens", maxPromptTokens ?? 1, 1),
            ("--max-body-bytes", maxBodyBytes, 1024), ("--max-connections", maxConnections, 1),
        ] where value < least {
            throw ValidationError("\(name) is \(value), expected at least \(least).")
        }
        guard grace >= 0, grace <= 86400 else { throw ValidationError("--grace is \(grace), expected 0 to 86400.") }
    }

    func run() async throws {
        let options = try serverOptions()
        let source = try modelArguments.open()
        let context = source.checkpoint.configuration.maxPositions
        let loaded = try LoadedModel(
            source, settings: modelArguments.settings(dtype: dtype), batchSize: batchSize.number)
        let slots = await loaded.generator.sizeBatch(
            for: slots(context), availableBytes: batchSize == .auto ? HostInfo.availableMemoryBytes : nil)
        let server = InferenceServer(
            served(source, loaded, slots: slots.size), options: options,
            residentBytes: { ProcessMemory.currentBytes }, log: { Talk.say("yuanbench serve: \($0)") })
        let name = "\(servedName ?? modelArguments.model) in \(loaded.dtype.rawValue)"
        // Not cancelled with the command: it comes to its end in good order.
        let work = Task {
            try await server.run { port in
                let host = options.host.contains(":") ? "[\(options.host)]" : options.host
                let address = "http://\(host):\(port)"
                Talk.say(
                    "serving \(name) at \(address) (chat: \(address)/, runs: \(address)/runs), \(slots.size) answers side "
                        + "by side, \(loaded.backend.threads) threads; Ctrl-C stops")
                // Who starts a server may have no use for its address.
                try? Output.write(address + "\n")
            }
        }
        try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            Talk.say("stopping; running answers get \(grace) s")
            Task { await server.stop() }
        }
    }

    /// Requests that fill a batch, for the generator to size itself by.
    private func slots(_ context: Int) -> [GenerationRequest] {
        (0..<(batchSize.number ?? BatchSizing.most)).map {
            GenerationRequest(id: "\($0)", prompt: .tokens([0]), maxNewTokens: context)
        }
    }

    private func served(_ source: ModelSource, _ loaded: LoadedModel, slots: Int) -> ServedModel {
        let (generator, tokenizer) = (loaded.generator, source.tokenizer)
        let name = servedName ?? modelArguments.model
        let short = URL(fileURLWithPath: modelArguments.model).deletingPathExtension().lastPathComponent
        var decode: (@Sendable ([Int]) -> String)?
        if let tokenizer { decode = { tokenizer.decode($0, skipSpecial: false) } }
        return ServedModel(
            name: name, aliases: [modelArguments.model, short], generator: generator, dtype: loaded.dtype.rawValue,
            contextTokens: source.checkpoint.configuration.maxPositions, slots: slots,
            hasChatTemplate: source.template != nil && tokenizer != nil, encode: { try generator.encode($0) },
            decode: decode,
            tokenBytes: { tokenizer?.bytes(of: $0) })
    }

    private func serverOptions() throws -> ServerOptions {
        var options = ServerOptions()
        options.host = host
        options.port = port
        options.allowedHosts = Set(allowedHost)
        options.grace = grace
        options.runs = URL(fileURLWithPath: runs)
        options.limits.queuedSequences = queue
        options.limits.promptTokens = maxPromptTokens
        options.limits.bodyBytes = maxBodyBytes
        options.limits.connections = maxConnections
        options.apiKey = try key()
        if options.apiKey == nil && !options.isLoopback && !allowAnonymous {
            throw Failure(
                Exit.usage,
                "--host \(host) lets others in: set a key in YUANBENCH_SERVE_KEY or --api-key-file, or say "
                    + "--allow-anonymous")
        }
        return options
    }

    private func key() throws -> String? {
        let environment = ProcessInfo.processInfo.environment["YUANBENCH_SERVE_KEY"]
        let text = try apiKeyFile.map { try Input.text(ofFile: $0) } ?? environment
        guard let key = text?.trimmingCharacters(in: .whitespacesAndNewlines) else { return nil }
        guard !key.isEmpty else {
            throw Failure(
                Exit.usage, "\(apiKeyFile ?? "YUANBENCH_SERVE_KEY"): holds no key; write one, or leave it out")
        }
        return key
    }
}
