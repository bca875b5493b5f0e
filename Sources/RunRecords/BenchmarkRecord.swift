/// One point of a benchmark's grid: an entry of `benchmarks`. Rates and times are medians over the repetitions.
package struct BenchmarkRecord: Codable, Sendable, Equatable {
    package var model: ModelRecord
    package var dtype: String
    /// "auto", "openblas" or "native".
    package var kernels: String
    package var threads: Int
    /// Sequences side by side.
    package var batchSize: Int
    /// Of each sequence.
    package var promptTokens: Int
    /// Of each sequence; the first comes from the prefill.
    package var generatedTokens: Int
    package var repetitions: Int
    /// Repetitions before those, which are not in any number.
    package var warmup: Int
    /// Whether the engine might guess tokens; random prompts leave it nothing to guess from.
    package var speculation: Bool
    /// Prompt tokens of all sequences per second of the steps that processed them.
    @Nullable package var prefillTokensPerS: Double? = nil
    /// Tokens of all sequences, without each one's first, per second of the steps that made them.
    @Nullable package var decodeTokensPerS: Double? = nil
    @Nullable package var prefillSpread: Spread? = nil
    @Nullable package var decodeSpread: Spread? = nil
    /// From the admission of a sequence to its first token; all sequences of all repetitions.
    @Nullable package var ttftS: Latencies? = nil
    /// Between successive tokens of a sequence; likewise.
    @Nullable package var interTokenS: Latencies? = nil
    /// From the opened files to packed weights.
    @Nullable package var loadS: Double? = nil
    /// The highest resident size while the point ran, the buffers of the probes not counted.
    @Nullable package var peakRssBytes: Int? = nil
    @Nullable package var weightsBytes: Int? = nil
    /// "plain", or "compact" where weights take 12 bits; nil in reports of versions that knew one layout.
    @Nullable package var weightLayout: String? = nil
    @Nullable package var kvCachePeakBytes: Int? = nil
    @Nullable package var kvBytesPerToken: Int? = nil
    /// Bytes and FLOPs of one decode step, from the model's dimensions.
    @Nullable package var decodeStepBytes: Double? = nil
    @Nullable package var decodeStepFlops: Double? = nil
    /// FLOPs of one repetition's prefill, from the model's dimensions.
    @Nullable package var prefillFlops: Double? = nil
    /// `decodeStepBytes` × steps per second ÷ the best read-bandwidth probe around the repetition.
    @Nullable package var bandwidthShare: Double? = nil
    /// `decodeStepFlops` × steps per second ÷ the best arithmetic probe around the repetition.
    @Nullable package var computeShare: Double? = nil
    /// `prefillFlops` ÷ its seconds ÷ the best arithmetic probe around the repetition.
    @Nullable package var prefillComputeShare: Double? = nil
    /// Joules of the processor packages in one repetition.
    @Nullable package var energyJ: Double? = nil
    package var samples: [BenchmarkSample]
    package var warnings: [BenchmarkWarning]

    package init(
        model: ModelRecord, dtype: String, kernels: String, threads: Int, batchSize: Int, promptTokens: Int,
        generatedTokens: Int, warmup: Int, speculation: Bool, samples: [BenchmarkSample]
    ) {
        self.model = model
        self.dtype = dtype
        self.kernels = kernels
        self.threads = threads
        self.batchSize = batchSize
        self.promptTokens = promptTokens
        self.generatedTokens = generatedTokens
        self.repetitions = samples.count
        self.warmup = warmup
        self.speculation = speculation
        self.samples = samples
        warnings = []
        func median(_ value: (BenchmarkSample) -> Double?) -> Double? {
            Quantile.linear(0.5, ofSorted: samples.compactMap(value).sorted())
        }
        prefillTokensPerS = median(\.prefillTokensPerS)
        decodeTokensPerS = median(\.decodeTokensPerS)
        prefillSpread = Spread(of: samples.compactMap(\.prefillTokensPerS))
        decodeSpread = Spread(of: samples.compactMap(\.decodeTokensPerS))
        bandwidthShare = median(\.bandwidthShare)
        computeShare = median(\.computeShare)
        prefillComputeShare = median(\.prefillComputeShare)
        energyJ = median(\.energyJ)
    }
}

/// One repetition as it was measured.
package struct BenchmarkSample: Codable, Sendable, Equatable {
    @Nullable package var prefillS: Double? = nil
    @Nullable package var decodeS: Double? = nil
    package var wallS: Double
    @Nullable package var prefillTokensPerS: Double? = nil
    @Nullable package var decodeTokensPerS: Double? = nil
    @Nullable package var ttftS: Latencies? = nil
    @Nullable package var interTokenS: Latencies? = nil
    /// The better of the probes just before and just after.
    @Nullable package var readBytesPerS: Double? = nil
    @Nullable package var flopsPerS: Double? = nil
    @Nullable package var bandwidthShare: Double? = nil
    @Nullable package var computeShare: Double? = nil
    @Nullable package var prefillComputeShare: Double? = nil
    @Nullable package var energyJ: Double? = nil
    /// Share of the cores' time that the hypervisor gave to others.
    @Nullable package var stealShare: Double? = nil
    /// Share of the cores' time that other processes used.
    @Nullable package var otherLoadShare: Double? = nil

    package init(wallS: Double) { self.wallS = wallS }
}

/// Something that makes a benchmark's numbers less certain, and what helps.
package struct BenchmarkWarning: Codable, Sendable, Equatable {
    package var cause: String
    package var remedy: String

    package init(cause: String, remedy: String) {
        self.cause = cause
        self.remedy = remedy
    }
}

/// How far repetitions lie apart, in the unit of the key that says of what.
package struct Spread: Codable, Sendable, Equatable {
    package var min: Double
    package var max: Double
    /// Interquartile range.
    package var iqr: Double

    /// nil of nothing.
    package init?(of values: [Double]) {
        let sorted = values.sorted()
        guard let min = sorted.first, let max = sorted.last, let low = Quantile.linear(0.25, ofSorted: sorted),
            let high = Quantile.linear(0.75, ofSorted: sorted)
        else { return nil }
        self.min = min
        self.max = max
        iqr = high - low
    }
}

/// Three points of a distribution of times, in seconds.
package struct Latencies: Codable, Sendable, Equatable {
    package var p50: Double
    package var p95: Double
    package var p99: Double

    /// By linear interpolation between the nearest ranks; nil of nothing.
    package init?(of values: [Double]) {
        let sorted = values.sorted()
        guard let p50 = Quantile.linear(0.5, ofSorted: sorted), let p95 = Quantile.linear(0.95, ofSorted: sorted),
            let p99 = Quantile.linear(0.99, ofSorted: sorted)
        else { return nil }
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
    }
}
