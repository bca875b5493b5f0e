/// One model on one data set in one dtype.
package struct RunReport: Codable, Sendable, Equatable {
    package var model: ModelRecord
    package var dataset: DatasetRecord
    package var settings: SettingsRecord
    package var accuracy: AccuracyRecord
    /// nil when the completions were made elsewhere (`score`).
    @Nullable package var throughput: ThroughputRecord?
    @Nullable package var memory: MemoryRecord?
    package var isolation: IsolationRecord
    package var problems: [ProblemRecord]
    /// Only in a report joined from shards.
    package var shards: [ShardPart]?

    package init(
        model: ModelRecord, dataset: DatasetRecord, settings: SettingsRecord, accuracy: AccuracyRecord,
        throughput: ThroughputRecord?, memory: MemoryRecord?, isolation: IsolationRecord, problems: [ProblemRecord]
    ) {
        self.model = model
        self.dataset = dataset
        self.settings = settings
        self.accuracy = accuracy
        self.throughput = throughput
        self.memory = memory
        self.isolation = isolation
        self.problems = problems
    }
}

package struct ModelRecord: Codable, Sendable, Equatable {
    package var name: String
    @Nullable package var architecture: String?
    /// "safetensors", "torch", "gguf"; nil when the completions were made elsewhere.
    @Nullable package var format: String?
    @Nullable package var parameters: Int?
    @Nullable package var sha256: String?
    /// The checkpoint's own stored dtype, e.g. "bf16" or "q4_1".
    @Nullable package var storedDtype: String?
    /// Weights whose value changed on conversion from the stored to the run's dtype.
    @Nullable package var weightsChanged: Int?

    package init(
        name: String, architecture: String? = nil, format: String? = nil, parameters: Int? = nil,
        sha256: String? = nil, storedDtype: String? = nil, weightsChanged: Int? = nil
    ) {
        self.name = name
        self.architecture = architecture
        self.format = format
        self.parameters = parameters
        self.sha256 = sha256
        self.storedDtype = storedDtype
        self.weightsChanged = weightsChanged
    }
}

package struct DatasetRecord: Codable, Sendable, Equatable {
    package var name: String
    @Nullable package var version: String?
    /// Problems evaluated in this run (after `--limit` and `--ids`).
    package var problems: Int
    /// SHA-256 of the problems' content, in order.
    package var sha256: String

    package init(name: String, version: String?, problems: Int, sha256: String) {
        self.name = name
        self.version = version
        self.problems = problems
        self.sha256 = sha256
    }
}

package struct SettingsRecord: Codable, Sendable, Equatable {
    /// "fp32", "bf16", "fp16"; nil when the completions were made elsewhere, or by an endpoint of which it was not said.
    @Nullable package var dtype: String?
    /// "greedy", or how answers were drawn in words; "unknown" when they were made elsewhere.
    package var decoding: String
    /// Only where answers were drawn.
    package var sampling: SamplingRecord?
    /// "completion", "chat", "yuan" or "samples".
    package var prompt: String
    package var extraction: String
    @Nullable package var maxNewTokens: Int?
    @Nullable package var batchSize: Int?
    /// Whether the batch size was computed from the free memory.
    @Nullable package var batchSizeAuto: Bool?
    @Nullable package var threads: Int?
    /// "auto", "openblas" or "native".
    @Nullable package var kernels: String?
    package var stop: [String]
    /// Only in the report of a shard.
    package var shard: ShardRecord?
    /// Only where engines elsewhere generated.
    package var endpoint: EndpointRecord?

    package init(
        dtype: String?, decoding: String, prompt: String, extraction: String, maxNewTokens: Int?, batchSize: Int?,
        threads: Int?, kernels: String?, stop: [String], batchSizeAuto: Bool? = nil, shard: ShardRecord? = nil,
        sampling: SamplingRecord? = nil
    ) {
        self.dtype = dtype
        self.decoding = decoding
        self.prompt = prompt
        self.extraction = extraction
        self.maxNewTokens = maxNewTokens
        self.batchSize = batchSize
        self.batchSizeAuto = batchSizeAuto
        self.threads = threads
        self.kernels = kernels
        self.stop = stop
        self.shard = shard
        self.sampling = sampling
    }
}

package struct IsolationRecord: Codable, Sendable, Equatable {
    /// "L2", "L0", or "none needed" (exact match runs nothing).
    package var level: String
    package var description: String
    package var interpreters: [String: String]

    package init(level: String, description: String, interpreters: [String: String]) {
        self.level = level
        self.description = description
        self.interpreters = interpreters
    }
}
