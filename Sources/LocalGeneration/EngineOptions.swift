/// What the engine may do to be fast; none of it changes a token.
package struct EngineOptions: Sendable {
    /// Compute a beginning that several waiting prompts share once.
    package var prefixCache = true
    /// Guess tokens from the text so far and verify several in one pass, where few sequences run.
    package var speculation = true
    /// Process every prompt before any token is generated, so that decode steps always have the whole batch (for
    /// measuring); otherwise both take turns.
    package var prefillFirst = false
    /// Prompt tokens of one step, at least 64.
    package var prefillTokensPerStep = 512

    package init() {}
}
