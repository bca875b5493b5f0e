extension Box {
    /// One run of a program, judged.
    struct Attempt {
        var outcome: TestOutcome
        /// A test swallowed the failing assertion of the negative control.
        var swallowed = false
        var needsOneProcess = false
        /// See `VerdictRules.Finding`.
        var isClaim = false
        var isFinal = false

        /// The same, without belief in what the program says of the harness.
        var disbelieved: Attempt {
            var attempt = self
            attempt.outcome.verdict = .protocolError
            attempt.outcome.detail = "unasked bytes on the result pipe"
            attempt.isClaim = false
            return attempt
        }
    }
}
