/// How engines elsewhere were asked, by the OpenAI protocol. Keys and credentials stand nowhere.
package struct EndpointRecord: Codable, Sendable, Equatable {
    /// What the endpoints were called on the command line.
    @Nullable package var label: String?
    /// Without credentials and queries.
    package var urls: [String]
    /// As the server names it.
    package var model: String
    /// "/v1/completions" or "/v1/chat/completions".
    package var route: String
    /// What was sent: "text", "messages" or "token ids".
    package var prompts: String
    /// Requests under way at the same time, all endpoints together.
    @Nullable package var concurrency: Int?
    /// Requests sent to each URL, retries included.
    package var requests: [Int]
    package var retries: Int
    /// Answers by who counted their tokens: "server usage", "tokenizer" or "not measured".
    package var tokenCounts: [String: Int]
    /// What the servers could not give.
    package var losses: [String]

    package init(
        label: String?, urls: [String], model: String, route: String, prompts: String, concurrency: Int?,
        requests: [Int], retries: Int, tokenCounts: [String: Int], losses: [String]
    ) {
        self.label = label
        self.urls = urls
        self.model = model
        self.route = route
        self.prompts = prompts
        self.concurrency = concurrency
        self.requests = requests
        self.retries = retries
        self.tokenCounts = tokenCounts
        self.losses = losses
    }
}
