import Generation
import Tensors

/// What a row of logits gives its sequence.
struct TokenChoice {
    var id: Int
    /// The highest logits, highest first: as many as the request asks for, at least one if there is one.
    var top: [(id: Int, logit: Float)]
    /// The chosen token's own logit.
    var logit: Float
    /// log Σ exp over the vocabulary; NaN unless the request asks for logits.
    var logNormalizer: Float
    /// Infinities and NaN in the row.
    var nonFinite: Int

    /// Why a request fails whose row of logits has nothing to choose from.
    static let noFiniteLogit =
        "no logit is finite: the model's weights hold infinities or NaN, or its values overflow in this dtype; look with "
        + "'model inspect --finite', or take --dtype fp32 or bf16"

    /// For which sequence's request a row of logits chooses, and which of its new tokens (from 0).
    struct Row {
        var request: GenerationRequest
        var position: Int
    }

    /// Chooses for every row of logits `[rows, vocabulary]`: the highest, the lowest id among equals, or what the
    /// request's sampling draws. A row without a finite highest logit is not drawn from.
    static func choose(_ rows: [Row], from logits: Activations, _ backend: Backend) -> [TokenChoice] {
        let most = rows.map(\.request.topLogits).max() ?? 0
        let tops = backend.topK(max(1, most), rows: rows.count, of: logits)
        var choices = zip(rows, tops).map { row, found in
            let highest = found.top.first
            return TokenChoice(
                id: highest?.id ?? 0, top: Array(found.top.prefix(max(1, row.request.topLogits))),
                logit: highest?.logit ?? .nan, logNormalizer: .nan, nonFinite: found.nonFinite)
        }
        let finite = rows.indices.filter { choices[$0].logit.isFinite }
        var draws: [RowDraw] = []
        for index in finite {
            guard let sampling = rows[index].request.sampling else { continue }
            draws.append(
                RowDraw(
                    row: index, highest: choices[index].logit, temperature: sampling.temperature, topK: sampling.topK,
                    topP: sampling.topP, uniform: sampling.uniform(at: rows[index].position)))
        }
        let told = finite.filter { rows[$0].request.topLogits > 0 }
        if !told.isEmpty {
            let sums = backend.logNormalizers(rows: told, highest: told.map { choices[$0].logit }, of: logits)
            for (index, sum) in zip(told, sums) { choices[index].logNormalizer = Float(sum) }
        }
        if !draws.isEmpty {
            for (draw, id) in zip(draws, backend.draw(draws, from: logits)) {
                choices[draw.row].id = id
                choices[draw.row].logit = logits[draw.row, id]
            }
        }
        return choices
    }
}
