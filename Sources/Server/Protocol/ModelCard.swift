/// The body of `GET /v1/models`.
struct ModelList: Encodable {
    var object = "list"
    var data: [ModelCard]
}

/// A model as the protocol lists it, with what the pages want to show of it.
struct ModelCard: Encodable {
    var id: String
    var object = "model"
    /// Unix time in seconds at which it was ready.
    var created: Int
    var ownedBy = "yuanbench"
    var dtype: String
    var maxModelLen: Int
    var chat: Bool

    enum CodingKeys: String, CodingKey {
        case id, object, created, dtype, chat
        case ownedBy = "owned_by"
        case maxModelLen = "max_model_len"
    }

    init(_ model: ServedModel, created: Int) {
        id = model.name
        self.created = created
        dtype = model.dtype
        maxModelLen = model.contextTokens
        chat = model.hasChatTemplate
    }
}
