/// The machine a run was made on, as far as the process may use it.
package struct HostRecord: Codable, Sendable, Equatable {
    package var cpu: String
    /// Logical cores this process may use (affinity and container quota respected).
    package var logicalCores: Int
    /// Instruction set extensions that matter to the kernels, by their names in `/proc/cpuinfo`.
    package var features: [String]
    /// Memory this process may use: the machine's, or the container's limit.
    package var memoryBytes: Int
    package var os: String
    package var kernel: String
    package var blas: BLASRecord
    /// The native kernels' instruction set in use, e.g. "avx512-bf16".
    package var kernels: String
    /// Processes that were running or waiting to run, averaged over the minute before the run.
    @Nullable package var loadAverage: Double?

    package init(
        cpu: String, logicalCores: Int, features: [String], memoryBytes: Int, os: String, kernel: String,
        blas: BLASRecord, kernels: String, loadAverage: Double? = nil
    ) {
        self.cpu = cpu
        self.logicalCores = logicalCores
        self.features = features
        self.memoryBytes = memoryBytes
        self.os = os
        self.kernel = kernel
        self.blas = blas
        self.kernels = kernels
        self.loadAverage = loadAverage
    }
}

package struct BLASRecord: Codable, Sendable, Equatable {
    package var library: String
    package var version: String
    package var core: String
    package var threads: Int

    package init(library: String, version: String, core: String, threads: Int) {
        self.library = library
        self.version = version
        self.core = core
        self.threads = threads
    }
}
