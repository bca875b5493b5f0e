/// What the engine may do to be fast; none of it changes a token.
package struct EngineOptions: Sendable {
    /// Compute a beginning that several waiting prompts share once.
    package var prefixCache = true
    /// Guess tokens from the text so far and verify several in one pass, where few sequences run.
    package var speculation = true
    /// Prompt tokens of one step, at least 64.
    package var prefillTokensPerStep = 512

    package init() {}
}
