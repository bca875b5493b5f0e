import CKernels
import Synchronization

/// The pool of cache pages all sequences of a model draw from, so that memory grows with the tokens there are.
///
/// A page holds 64 positions of all layers of one sequence; the layout is in `yb_attention.h`.
package final class KVCache {
    package static let pagePositions = YB_PAGE_POSITIONS

    package let layers: Int
    package let kvHeads: Int
    package let headDim: Int
    package let dtype: DType
    /// Widths of the rows a sequence remembers from its last token, per layer (Yuan2's filter); empty for most models.
    package let shiftWidths: [Int]
    let pages: PagePool

    package init(layers: Int, kvHeads: Int, headDim: Int, dtype: DType, shiftWidths: [Int] = []) {
        precondition(layers > 0 && kvHeads > 0 && headDim > 0 && shiftWidths.allSatisfy { $0 > 0 })
        self.layers = layers
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.dtype = dtype
        self.shiftWidths = shiftWidths
        var geometry = yb_cache_geometry(
            layers: layers, kv_heads: kvHeads, head_dim: headDim, dtype: dtype.kernelType)
        pages = PagePool(pageBytes: yb_page_bytes(&geometry))
    }

    var geometry: yb_cache_geometry {
        yb_cache_geometry(layers: layers, kv_heads: kvHeads, head_dim: headDim, dtype: dtype.kernelType)
    }

    /// A sequence of length 0.
    package func makeSequence() -> SequenceState { SequenceState(self) }

    /// Bytes of one page of 64 positions.
    package var pageBytes: Int { pages.pageBytes }
    /// Bytes of pages and remembered rows of a sequence of `tokens` tokens.
    package func bytes(tokens: Int) -> Int {
        (tokens + Self.pagePositions - 1) / Self.pagePositions * pageBytes
            + layers * shiftWidths.reduce(0, +) * MemoryLayout<Float>.stride
    }
    /// Bytes of pages and remembered rows that sequences hold now.
    package var bytesInUse: Int { pages.usage.withLock { $0.current } }
    /// The most that `bytesInUse` has been.
    package var peakBytes: Int { pages.usage.withLock { $0.peak } }
}

/// Pages not in use, and the count of those that are.
final class PagePool: @unchecked Sendable {
    struct Usage {
        var current = 0
        var peak = 0

        mutating func add(_ bytes: Int) {
            current += bytes
            peak = max(peak, current)
        }
    }

    let pageBytes: Int
    let usage = Mutex(Usage())
    private let lock = Mutex(())
    private var free: [UnsafeMutableRawPointer] = []

    init(pageBytes: Int) { self.pageBytes = pageBytes }

    deinit {
        for page in free { page.deallocate() }
    }

    func take() -> UnsafeMutableRawPointer {
        usage.withLock { $0.add(pageBytes) }
        return lock.withLock { _ in free.popLast() } ?? .allocate(byteCount: pageBytes, alignment: 4096)
    }

    func giveBack(_ page: UnsafeMutableRawPointer) {
        usage.withLock { $0.add(-pageBytes) }
        lock.withLock { _ in free.append(page) }
    }
}

/// One page in use; it returns to its pool with the last reference, so sequences may share a prefix.
final class KVPage {
    let base: UnsafeMutableRawPointer
    private let pool: PagePool

    init(_ pool: PagePool) {
        self.pool = pool
        base = pool.take()
    }

    deinit { pool.giveBack(base) }
}
