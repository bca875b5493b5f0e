import LanguageModels
import LocalGeneration
import Tensors

/// Recomputes the logits of all dtypes from their kept hidden states, a panel of the vocabulary at a time, and compares
/// them as they come.
enum LogitSweep {
    /// Rows of the head a panel: 64 MiB in fp32 at 2048 columns are 8192.
    private static func panelRows(hidden: Int) -> Int { max(32, min(8192, (1 << 24) / max(1, hidden) / 32 * 32)) }
    private static let blockRows = 128

    static func run(
        _ passes: [ForcedPass], source: ModelSource, settings: ModelSettings, into comparison: LogitComparison
    )
        throws
    {
        let backends = try passes.map {
            try Backend(dtype: $0.dtype, threads: settings.threads, kernels: settings.kernels)
        }
        guard let first = backends.first, comparison.positions > 0 else { return }
        let head = try VocabularyHead(source.checkpoint, backend: first)
        let width = panelRows(hidden: head.hidden)
        for start in stride(from: 0, to: head.vocabulary, by: width) {
            try Task.checkCancellation()
            let rows = start..<min(head.vocabulary, start + width)
            let panels = try backends.map { try head.panel(rows, backend: $0) }
            let inputs = passes.map { _ in Activations(width: head.hidden, rows: blockRows) }
            let outputs = passes.map { _ in Activations(width: rows.count, rows: blockRows) }
            for block in stride(from: 0, to: comparison.positions, by: blockRows) {
                let count = min(blockRows, comparison.positions - block)
                for (index, pass) in passes.enumerated() {
                    try inputs[index].withUnsafeRows(count) { try pass.final.read(block, count: count, into: $0) }
                    backends[index].linear(
                        inputs[index], panels[index], bias: nil, batch: .generated(rows: count), into: outputs[index])
                }
                withLogits(outputs, count) { logits in
                    comparison.add(
                        first: block, rows: count, firstID: rows.lowerBound, width: rows.count, logits: logits)
                }
            }
            head.releasePages()
        }
    }

    private static func withLogits(
        _ outputs: [Activations], _ rows: Int, _ body: ([UnsafeBufferPointer<Float>]) -> Void
    ) {
        var pointers: [UnsafeBufferPointer<Float>] = []
        // The buffers outlive the call: `outputs` holds them.
        for output in outputs { output.withUnsafeRows(rows) { pointers.append(UnsafeBufferPointer($0)) } }
        withExtendedLifetime(outputs) { body(pointers) }
    }
}
