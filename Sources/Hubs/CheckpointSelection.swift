/// Which files of a model a checkpoint needs. Programs that lie beside the weights are never fetched.
enum CheckpointSelection {
    private static let companions: Set<String> = [
        "config.json", "generation_config.json", "tokenizer.model", "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json", "added_tokens.json", "chat_template.jinja", "chat_template.json", "vocab.json",
        "merges.txt",
    ]

    /// The files in the order in which they are fetched: small ones first.
    /// - Parameter wanted: name of one `.gguf` file; nil for the safetensors or torch weights, or the only `.gguf`.
    /// - Throws: `HubError` when there is no checkpoint, or a choice to be made.
    static func choose(_ files: [RemoteFile], wanted: String?, model: RepositoryName) throws(HubError) -> [RemoteFile] {
        let ggufs = files.filter { $0.name.lowercased().hasSuffix(".gguf") }
        if let wanted {
            guard let file = ggufs.first(where: { $0.name == wanted }) else {
                throw HubError(.badInput, "\(model): holds no file \"\(wanted.printable())\"; \(offer(ggufs))")
            }
            return [file]
        }
        var weights = files.filter(safetensors)
        if weights.isEmpty { weights = files.filter(torch) }
        guard !weights.isEmpty else {
            if ggufs.count == 1 { return ggufs }
            throw HubError(
                .badInput,
                ggufs.isEmpty
                    ? "\(model): holds no safetensors, pytorch_model.bin or .gguf weights; expected one of these"
                    : "\(model): holds several models; choose one by --file: \(offer(ggufs))")
        }
        guard files.contains(where: { $0.name == "config.json" }) else {
            throw HubError(.badInput, "\(model): has weights but no config.json, which a checkpoint needs")
        }
        return (files.filter { companions.contains($0.name) } + weights).sorted {
            ($0.size, $0.name) < ($1.size, $1.name)
        }
    }

    private static func safetensors(_ file: RemoteFile) -> Bool {
        file.name == "model.safetensors.index.json" || isWeights(file.name, "model", ".safetensors")
    }

    private static func torch(_ file: RemoteFile) -> Bool {
        file.name == "pytorch_model.bin.index.json" || isWeights(file.name, "pytorch_model", ".bin")
    }

    /// `model.safetensors` or a shard such as `model-00001-of-00003.safetensors`.
    private static func isWeights(_ name: String, _ stem: String, _ ending: String) -> Bool {
        guard name.hasPrefix(stem), name.hasSuffix(ending) else { return false }
        let middle = name.dropFirst(stem.count).dropLast(ending.count)
        return middle.isEmpty || (middle.hasPrefix("-") && middle.contains("-of-"))
    }

    private static func offer(_ ggufs: [RemoteFile]) -> String {
        ggufs.isEmpty
            ? "it has no .gguf file" : "there are " + ggufs.prefix(30).map(\.name).joined(separator: ", ")
    }
}
