import CKernels

/// The threads, kernels and policy of a run, and the operations that architectures are written in.
///
/// Every operation takes and leaves fp32 buffers that hold values of `dtype`, and rounds its outputs to it. "rows" are
/// the first rows of the buffers, one a token. A row's result depends on its own sequence alone: not on the other rows,
/// its place among them, or the number of threads. Operations are to be called from one thread at a time.
package final class Backend: @unchecked Sendable {
    package let dtype: DType
    package let threads: Int
    package let description: BackendDescription
    let pool: ThreadPool
    let isa: yb_isa
    /// Whether matrices are packed compactly where that can be done.
    package let packsCompactly: Bool
    /// Multiplies prompt rows; nil when the native kernels do.
    let promptProduct: OpenBLASProduct?
    /// Interleaved activations of the product at hand, and scores of attention.
    let scratch = Activations(width: 1)
    /// Keys and values that the product at hand fetches for the attention behind it.
    var rangesAhead: [yb_range] = []
    /// The row before each row of the shift at hand.
    var previousRows: [UnsafePointer<Float>?] = []

    /// - Parameters:
    ///   - threads: nil for one a processor.
    ///   - packsCompactly: whether weights that are bf16 numbers take 12 bits, where the kernels can (`WeightLayout`).
    ///   - instructionSet: for tests; nil for the best there is.
    /// - Throws: `TensorError` when there is no memory, or for an instruction set that is not available.
    package init(
        dtype: DType, threads: Int? = nil, kernels: KernelPolicy = .auto, packsCompactly: Bool = false,
        instructionSet: InstructionSet? = nil
    ) throws {
        let chosen = instructionSet ?? .detected
        guard InstructionSet.available.contains(chosen) else {
            throw TensorError("this processor does not have the instruction set \(chosen.name)")
        }
        if let threads, !(1...1024).contains(threads) {
            throw TensorError("the number of threads is \(threads), expected 1 to 1024")
        }
        pool = try ThreadPool(threads: threads ?? min(1024, yb_available_processors()))
        isa = chosen.kernelISA
        self.dtype = dtype
        self.packsCompactly = packsCompactly && yb_can_compact(isa, 0) != 0
        self.threads = pool.threads
        promptProduct = kernels.usesOpenBLAS(dtype, chosen) ? OpenBLASProduct(pool: pool, isa: isa) : nil
        description = BackendDescription(
            isa: chosen.name, openblasConfig: OpenBLASProduct.configuration, openblasVersion: OpenBLASProduct.version,
            openblasCore: OpenBLASProduct.core, threads: pool.threads,
            batchInvariant: try promptProduct?.isBatchInvariant() ?? true, cpuFeatures: chosen.features,
            promptProvider: promptProduct == nil ? "native" : "openblas")
    }

    /// Rows of generated tokens that take about as long as one, because the weights are read from memory once for all:
    /// a fixed table, measured (`Benchmarks/`).
    package func rowsAtTheCostOfOne(_ layout: WeightLayout) -> Int {
        switch isa {
        case _ where layout == .compact: 4
        case YB_AVX512BF16: dtype == .fp16 ? 8 : 12
        case YB_AVX512: 8
        case YB_AVX2: 6
        default: 3
        }
    }

    var kernelType: yb_dtype { dtype.kernelType }
}
