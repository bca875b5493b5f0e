import CKernels
import Foundation

/// The process's large buffers (packed weights), for those who measure memory.
package enum LargeBuffers {
    /// Bytes mapped at present.
    package static var mappedBytes: Int { yb_mapped_bytes() }

    /// Waits until no more than `bytes` are mapped, then gives freed heap pages back to the system.
    ///
    /// A model's engine lets go of its weights on its own thread some moments after its last user has gone, and its
    /// key-value pages stay in that thread's heap: without this wait the peak of the next model counts the one before.
    /// - Parameters:
    ///   - bytes: what was mapped before the model that is now gone, from `mappedBytes`.
    ///   - patience: seconds to wait at most.
    package static func settle(at bytes: Int = 0, patience: Double = 5) async {
        let end = ContinuousClock.now + .seconds(patience)
        while mappedBytes > bytes, ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(5))
            if Task.isCancelled { break }
        }
        yb_trim_heap()
    }
}
