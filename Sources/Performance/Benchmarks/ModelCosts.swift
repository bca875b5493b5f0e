/// Bytes that must be read and FLOPs that must be done, from a model's dimensions. A multiply-add is two FLOPs.
package struct ModelCosts: Sendable, Equatable {
    /// Weights that every step reads: all but the rows of an embedding table that is not the head too.
    package var weightBytesPerStep: Int
    /// Keys and values of one position in all layers.
    package var kvBytesPerToken: Int
    /// Elements of the layers' matrices: multiply-adds for each token.
    package var layerWeights: Int
    /// Those of the last layer that come behind its keys and values: of a prompt only its last token needs them.
    package var lastOutputWeights: Int
    /// Elements of the vocabulary head: multiply-adds for each token that is chosen.
    package var headWeights: Int
    /// Multiply-adds of scores and weighted values, for each token and each position it sees: 2 · layers · heads · head_dim.
    package var attentionPerPosition: Int
    package var layers: Int

    package init(
        weightBytesPerStep: Int, kvBytesPerToken: Int, layerWeights: Int, lastOutputWeights: Int, headWeights: Int,
        attentionPerPosition: Int, layers: Int
    ) {
        self.weightBytesPerStep = weightBytesPerStep
        self.kvBytesPerToken = kvBytesPerToken
        self.layerWeights = layerWeights
        self.lastOutputWeights = lastOutputWeights
        self.headWeights = headWeights
        self.attentionPerPosition = attentionPerPosition
        self.layers = layers
    }

    /// Positions a decode step sees in one sequence, on average over the steps of a point: the step that makes token
    /// i + 1 (i = 1 … n − 1) sees the prompt and i generated tokens.
    private func meanPositions(_ point: BenchmarkPoint) -> Double {
        Double(point.promptTokens) + Double(point.generatedTokens) / 2
    }

    /// Bytes read by one decode step: every weight once, and every sequence's keys and values.
    package func decodeStepBytes(_ point: BenchmarkPoint) -> Double {
        Double(weightBytesPerStep) + Double(point.batchSize) * meanPositions(point) * Double(kvBytesPerToken)
    }

    /// FLOPs of one decode step.
    package func decodeStepFlops(_ point: BenchmarkPoint) -> Double {
        let token = Double(layerWeights + headWeights) + Double(attentionPerPosition) * meanPositions(point)
        return 2 * Double(point.batchSize) * token
    }

    /// FLOPs of the prefill of all sequences: token t sees t positions, and only the last one's logits are needed, so
    /// that of the last layer the others pass through keys and values alone.
    package func prefillFlops(_ point: BenchmarkPoint) -> Double {
        let n = Double(point.promptTokens)
        let matrices = n * Double(layerWeights - lastOutputWeights) + Double(lastOutputWeights + headWeights)
        let lastLayer = Double(attentionPerPosition) / Double(layers)
        let attention = (Double(attentionPerPosition) - lastLayer) * n * (n + 1) / 2 + lastLayer * n
        return 2 * Double(point.batchSize) * (matrices + attention)
    }
}
