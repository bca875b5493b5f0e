import CKernels

/// Measures what this host can do at best with so many threads, for results to be compared with.
///
/// To be used while nothing else runs, from one thread at a time: its own threads sleep between two measurements.
package final class MachineProbe: @unchecked Sendable {
    package let threads: Int
    private let pool: ThreadPool
    private let isa: yb_isa
    private let bufferBytes: Int

    /// - Parameters:
    ///   - threads: nil for one a processor.
    ///   - lastLevelCacheBytes: the buffer that is read is a multiple of it; nil where it is not known.
    ///   - bufferBytes: for tests; nil for what the cache asks for.
    /// - Throws: `TensorError` when there is no memory, or for an impossible number of threads.
    package init(threads: Int? = nil, lastLevelCacheBytes: Int? = nil, bufferBytes: Int? = nil) throws {
        let wanted = threads ?? min(1024, yb_available_processors())
        guard (1...1024).contains(wanted) else {
            throw TensorError("the number of threads is \(wanted), expected 1 to 1024")
        }
        pool = try ThreadPool(threads: wanted)
        self.threads = pool.threads
        isa = yb_isa_detect()
        let cache = min(lastLevelCacheBytes ?? 0, 256 << 20)
        self.bufferBytes = bufferBytes ?? max(256 << 20, 4 * cache)
    }

    /// Bytes a second at which all threads together read a buffer far larger than the caches: the best of several
    /// passes over at least `seconds`. The buffer exists during the call only.
    /// - Throws: `TensorError` when there is no memory for the buffer.
    package func readBandwidth(seconds: Double = 0.06) throws -> Double {
        guard let buffer = yb_map(bufferBytes) else {
            throw TensorError("no memory for a buffer of \(bufferBytes >> 20) MiB to measure the bandwidth with")
        }
        defer { yb_unmap(buffer, bufferBytes) }
        // Pages that were never written are all the same page of zeroes, which would be read from the cache.
        let piece = 1 << 20
        pool.run(chunks: (bufferBytes + piece - 1) / piece) { chunk, _ in
            let place = chunk * piece
            (buffer + place).initializeMemory(as: UInt8.self, repeating: 1, count: min(piece, bufferBytes - place))
        }
        return best(of: 3, seconds: seconds) {
            _ = yb_probe_read(pool.handle, isa, buffer, bufferBytes)
            return Double(bufferBytes)
        }
    }

    /// FLOPs a second of all threads together with the instruction by which products of `dtype` are computed, without
    /// any access to memory; a multiply-add is two.
    package func arithmeticPeak(_ dtype: DType, seconds: Double = 0.03) -> Double {
        // Rounds for about two milliseconds a thread.
        let trial = 2000
        let clock = ContinuousClock()
        _ = yb_probe_multiply(pool.handle, isa, dtype.kernelType, trial)
        let once = Self.seconds(clock.measure { _ = yb_probe_multiply(pool.handle, isa, dtype.kernelType, trial) })
        let rounds = max(trial, min(100_000_000, Int(Double(trial) * 0.016 / max(once, 1e-7))))
        return best(of: 3, seconds: seconds) { yb_probe_multiply(pool.handle, isa, dtype.kernelType, rounds) }
    }

    /// The highest rate of at least `count` calls that last at least `seconds` together; `work` returns its amount.
    private func best(of count: Int, seconds: Double, _ work: () -> Double) -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        var best = 0.0
        var calls = 0
        while calls < count || Self.seconds(clock.now - start) < seconds {
            var amount = 0.0
            let time = Self.seconds(clock.measure { amount = work() })
            best = max(best, amount / max(time, 1e-9))
            calls += 1
        }
        return best
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
