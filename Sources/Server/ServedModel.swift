import Generation

/// The model behind a server, as far as a server has to know it: a generator, and what a tokenizer tells of tokens.
package struct ServedModel: Sendable {
    /// What clients call it.
    package var name: String
    /// Other names it answers to.
    package var aliases: Set<String>
    package var generator: any Generator
    /// "fp32", "bf16" or "fp16".
    package var dtype: String
    /// Tokens of prompt and answer together.
    package var contextTokens: Int
    /// Sequences that the generator runs side by side.
    package var slots: Int
    package var hasChatTemplate: Bool
    /// Token ids of a prompt, with the model's own template for a conversation. Throws what is wrong with the prompt.
    package var encode: @Sendable (Prompt) throws -> [Int]
    /// The text of token ids; nil without a tokenizer.
    package var decode: (@Sendable ([Int]) -> String)?
    /// The bytes a token stands for; nil where the id names no token.
    package var tokenBytes: @Sendable (Int) -> [UInt8]?

    package init(
        name: String, aliases: Set<String> = [], generator: any Generator, dtype: String, contextTokens: Int,
        slots: Int, hasChatTemplate: Bool, encode: @escaping @Sendable (Prompt) throws -> [Int],
        decode: (@Sendable ([Int]) -> String)?, tokenBytes: @escaping @Sendable (Int) -> [UInt8]?
    ) {
        self.name = name
        self.aliases = aliases
        self.generator = generator
        self.dtype = dtype
        self.contextTokens = contextTokens
        self.slots = max(1, slots)
        self.hasChatTemplate = hasChatTemplate
        self.encode = encode
        self.decode = decode
        self.tokenBytes = tokenBytes
    }

    func answers(to name: String) -> Bool { name == self.name || aliases.contains(name) }
}
