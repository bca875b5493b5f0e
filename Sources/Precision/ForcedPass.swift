import Checkpoints
import LanguageModels
import LocalGeneration
import Tensors

/// One dtype taken along the forced sequences: its final hidden states, and its hidden states after each layer at some
/// positions, are kept in files; the model is gone afterwards.
struct ForcedPass {
    /// Prompt tokens a step, and path tokens a step.
    private static let promptChunk = 512
    private static let pathChunk = 256

    let dtype: DType
    /// `[positions, hidden]` after the final norm.
    let final: RowFile
    /// `[layer samples · (layers + 1), hidden]`.
    let layered: RowFile
    let layers: Int
    let vocabulary: Int
    let weightsChanged: Int
    let weightsOverflowed: Int
    private(set) var numbers = HiddenNumbers()

    /// - Parameters:
    ///   - layerRows: for each position its place among the layer samples; nil for most.
    init(
        _ source: ModelSource, settings: ModelSettings, dtype: DType, sequences: [ForcedSequence], layerRows: [Int?],
        progress: (_ sequencesDone: Int) throws -> Void
    ) throws {
        let backend = try Backend(dtype: dtype, threads: settings.threads, kernels: settings.kernels)
        try source.requireRoom(dtype: dtype, availableBytes: settings.availableBytes())
        let model = try LanguageModel(source.checkpoint, backend: backend, options: settings.options)
        self.dtype = dtype
        layers = model.configuration.layerCount
        vocabulary = model.configuration.vocabularySize
        final = try RowFile(width: model.configuration.hiddenSize)
        layered = try RowFile(width: model.configuration.hiddenSize)
        weightsChanged = model.changedWeights
        weightsOverflowed = model.overflowedWeights
        for (number, sequence) in sequences.enumerated() {
            try run(sequence, model, layerRows)
            try progress(number + 1)
        }
    }

    private mutating func run(_ sequence: ForcedSequence, _ model: LanguageModel, _ layerRows: [Int?]) throws {
        let state = model.makeSequence()
        defer { state.release() }
        // The logits that choose generated token g come from the token before it.
        let rows = sequence.wanted.map { sequence.prompt.count - 1 + $0 }
        let needed = (rows.last ?? 0) + 1
        guard needed <= model.maxPositions else {
            throw PrecisionError(
                "a forced sequence needs \(needed) positions, but the model's context holds \(model.maxPositions)")
        }
        var done = 0
        while done < needed {
            let isPrompt = done < sequence.prompt.count
            let end =
                isPrompt
                ? min(sequence.prompt.count, done + Self.promptChunk) : min(needed, done + Self.pathChunk)
            let ids = (done..<end).map { position in
                Int32(isPrompt ? sequence.prompt[position] : sequence.path[position - sequence.prompt.count])
            }
            let wanted = rows.enumerated().filter { (done..<end).contains($0.element) }
            var failure: (any Error)?
            var numbers = numbers
            let (layered, firstRow, start) = (layered, sequence.firstRow, done)
            let layerCount = layers
            model.forward(
                [LanguageModel.Part(sequence: state, ids: ids, phase: isPrompt ? .prompt : .generated)],
                afterLayer: { layer, hidden, count in
                    hidden.withUnsafeRows(count) { all in
                        numbers.add(UnsafeBufferPointer(all), dtype: model.backend.dtype)
                        for (place, row) in wanted {
                            guard failure == nil, let sample = layerRows[firstRow + place] else { continue }
                            let values = all[(row - start) * hidden.width..<(row - start + 1) * hidden.width]
                            do {
                                try layered.write(
                                    UnsafeBufferPointer(rebasing: values), at: sample * (layerCount + 1) + layer)
                            } catch {
                                failure = error
                            }
                        }
                    }
                })
            self.numbers = numbers
            if let failure { throw failure }
            if let first = wanted.first {
                let selected = model.finalHidden(rows: wanted.map { $0.element - done })
                try selected.withUnsafeRows(wanted.count) { values in
                    // Wanted indices ascend, so the rows of one chunk follow each other.
                    try final.write(UnsafeBufferPointer(values), at: sequence.firstRow + first.offset)
                }
            }
            done = end
        }
    }
}

/// What the hidden states after the layers were made of.
struct HiddenNumbers: Sendable {
    private(set) var infinities = 0
    private(set) var nans = 0
    private(set) var saturated = 0
    private(set) var maxAbs: Float = 0

    mutating func add(_ values: UnsafeBufferPointer<Float>, dtype: DType) {
        let largest = dtype.largestFinite
        var highest: Float = 0
        var isOdd = false
        for value in values {
            let size = abs(value)
            highest = max(highest, size)
            isOdd = isOdd || !(size < largest)
        }
        if isOdd {
            highest = 0
            for value in values {
                if value.isNaN {
                    nans += 1
                } else if value.isInfinite {
                    infinities += 1
                } else {
                    if abs(value) >= largest { saturated += 1 }
                    highest = max(highest, abs(value))
                }
            }
        }
        maxAbs = max(maxAbs, highest)
    }
}

extension DType {
    /// The largest finite magnitude.
    var largestFinite: Float {
        switch self {
        case .fp32: .greatestFiniteMagnitude
        case .bf16: Float(bitPattern: 0x7F7F_0000)
        case .fp16: 65504
        }
    }
}
