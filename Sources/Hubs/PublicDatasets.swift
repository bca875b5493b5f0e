import Foundation

/// Where the public problem sets lie, and what their files hash to. A checksum stands for the content, so it does not
/// matter whether a branch has moved on: another content is refused.
package struct PublicDatasets: Sendable {
    package struct File: Sendable {
        package var name: String
        package var url: String
        package var sha256: String
        package var size: Int
    }

    private static let raw = "https://raw.githubusercontent.com"

    /// Files by data set, the problems first.
    package static let table: [String: [File]] = [
        "humaneval-plus": [
            File(
                name: "HumanEvalPlus-OriginFmt.jsonl.gz",
                url: "\(raw)/evalplus/humanevalplus_release/main/HumanEvalPlus-OriginFmt.jsonl.gz",
                sha256: "daa7661c8189924068069b0872a440b491edb60f8bdf431d5957adc88d18bae5", size: 1_350_689)
        ],
        "mbpp": [
            File(
                name: "mbpp.jsonl", url: "\(raw)/deepseek-ai/DeepSeek-Coder/main/Evaluation/MBPP/data/mbpp.jsonl",
                sha256: "ccf64ceae9c5403bf50a044cb6d505bfd2a2963ee58338ba268fd65beab92a9f", size: 563_743)
        ],
        "mbpp-plus": [
            File(
                name: "MbppPlus-OriginFmt.jsonl.gz",
                url: "\(raw)/evalplus/mbppplus_release/v0.2.0/MbppPlus-OriginFmt.jsonl.gz",
                sha256: "7a5aec547b134fa297ee6c45f829298aa3f58de02547b8d8a5c3d85d9cb10efc", size: 549_938)
        ],
        "gsm8k": [
            File(
                name: "test.jsonl",
                url: "\(raw)/openai/grade-school-math/master/grade_school_math/data/test.jsonl",
                sha256: "3730d312f6e3440559ace48831e51066acaca737f6eabec99bccb9e4b3c39d14", size: 749_738),
            File(
                name: "train.jsonl",
                url: "\(raw)/openai/grade-school-math/master/grade_school_math/data/train.jsonl",
                sha256: "17f347dc51477c50d4efb83959dbb7c56297aba886e5544ee2aaed3024813465", size: 4_166_206),
        ],
        "cruxeval": [
            File(
                name: "cruxeval.jsonl", url: "\(raw)/facebookresearch/cruxeval/main/data/cruxeval.jsonl",
                sha256: "8368b81047dc5014e4caf5a2f97604eff7644e0ecd7415e3ceeb184bbc2e0c96", size: 186_873)
        ],
        "yuan2-gsm8k": [
            File(
                name: "gsm8k_Cn.txt", url: "\(raw)/IEIT-Yuan/Yuan-2.0/main/datasets/GSM8K/gsm8k_Cn.txt",
                sha256: "c055007a7def707df2f226831d0d7a246f18f9dec4ee337ab7171a6900bd228f", size: 313_848)
        ],
        "yuan-prompts": [
            File(
                name: "HumanEval-textprompts.jsonl",
                url: "\(raw)/IEIT-Yuan/Yuan-2.0/main/datasets/HUMANEVAL/HumanEval-textprompts.jsonl",
                sha256: "82fa5bce01eb8fe3780aeb9d11ee721339c0b191ebd8dfbb34b5f096f2cc5c58", size: 79_151)
        ],
    ]

    private let client: HubClient
    private let mirror: URL?

    /// - Parameter mirror: a server that takes the place of raw.githubusercontent.com; nil for that one.
    /// - Throws: `HubError` for an address that is not HTTPS.
    package init(mirror: String?, environment: [String: String]) throws(HubError) {
        client = HubClient(environment: environment)
        self.mirror = try mirror.map { text throws(HubError) in try HubAddress(environment: environment).base(text) }
    }

    /// Fetches a file into a folder and checks it.
    /// - Throws: `HubError`, or `CancellationError`.
    package func fetch(
        _ file: File, into folder: URL, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> URL {
        let text = mirror.map { file.url.replacingOccurrences(of: Self.raw, with: $0.absoluteString) } ?? file.url
        guard let url = URL(string: text),
            let remote = try RemoteFile(
                path: file.name, size: file.size, sha256: file.sha256, gitBlob: nil, place: file.url)
        else { throw HubError(.badInput, "\(text.printable()): is no address; check --endpoint") }
        try await FileDownload(
            file: remote, url: url, secrets: [:], client: client, folder: folder, progress: progress
        ).run()
        return folder.appendingPathComponent(file.name)
    }
}
