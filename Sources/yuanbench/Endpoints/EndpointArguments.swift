import ArgumentParser
import Foundation
import RemoteGeneration

/// Which engines elsewhere are asked, and how.
struct EndpointArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A server that speaks the OpenAI protocol, instead of the local engine (repeatable: the least loaded is asked). "
                + "Servers with different labels are measured one after the other and compared.",
            valueName: "[label=]url"))
    var endpoint: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The model's tokenizer, a folder or a .gguf: counts tokens where the server does not.", valueName: "path"))
    var tokenizer: String?

    @Flag(name: .long, help: "Write and tokenise prompts here, by --tokenizer, and send token ids to /v1/completions.")
    var sendTokens = false

    @Option(
        name: .long,
        help: ArgumentHelp("Silence after which a request has failed; there is no other limit.", valueName: "seconds"))
    var inactivityTimeout = 600.0

    @Option(name: .long, help: "Further tries of a request that was refused or lost before its answer began.")
    var retries: Int?

    mutating func validate() throws {
        try GivenPaths.refuseEmpty(["--tokenizer": tokenizer])
        if !(inactivityTimeout >= 0.1 && inactivityTimeout <= 86_400) {
            throw ValidationError("--inactivity-timeout is \(inactivityTimeout), expected 0.1 to 86400 seconds.")
        }
        if let retries, !(0...1000).contains(retries) {
            throw ValidationError("--retries is \(retries), expected 0 to 1000.")
        }
        if sendTokens && tokenizer == nil {
            throw ValidationError("--send-tokens needs --tokenizer, the model's own.")
        }
        if endpoint.isEmpty && (sendTokens || tokenizer != nil) {
            throw ValidationError("--tokenizer is for --endpoint; the local engine has the model's own.")
        }
        _ = try groups()
    }

    /// Endpoints with the same label, in order of first appearance.
    func groups() throws -> [EndpointGroup] {
        var groups: [EndpointGroup] = []
        for text in endpoint {
            let (label, address) = Self.parted(text)
            let url: EndpointURL
            do {
                url = try EndpointURL(address)
            } catch {
                throw ValidationError("--endpoint: \(error.message).")
            }
            if let index = groups.firstIndex(where: { $0.label == label }) {
                groups[index].endpoints.append(url)
            } else {
                groups.append(EndpointGroup(label: label, endpoints: [url]))
            }
        }
        if groups.count > 1, groups.contains(where: { $0.label == nil }) {
            throw ValidationError(
                "--endpoint: some have a label and some have none; give every one a label, as bf16=URL.")
        }
        return groups
    }

    /// `bf16=http://…` → `bf16` and the address; an address may hold "=" itself.
    private static func parted(_ text: String) -> (label: String?, address: String) {
        guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return (nil, text) }
        let label = text[..<sign]
        guard label.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }) else {
            return (nil, text)
        }
        return (String(label), String(text[text.index(after: sign)...]))
    }
}

/// Servers of the same thing.
struct EndpointGroup {
    var label: String?
    var endpoints: [EndpointURL]

    /// What progress and errors call it.
    var name: String { label ?? endpoints.map(\.description).joined(separator: ", ") }
}
