import Foundation

/// Rows of floats in a temporary file that goes away with this value: hidden states, which are too many for memory.
final class RowFile {
    let width: Int
    private let descriptor: Int32

    /// - Throws: `PrecisionError` where no file can be made.
    init(width: Int) throws {
        self.width = width
        var path = Array((FileManager.default.temporaryDirectory.path + "/yuanbench-rows-XXXXXX").utf8CString)
        descriptor = path.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
        let shown = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else {
            throw PrecisionError(
                "\(shown): cannot be made (\(String(cString: strerror(errno)))); set TMPDIR to a folder with room")
        }
        // Without a name, it goes whatever happens.
        unlink(shown)
    }

    deinit { close(descriptor) }

    /// - Throws: `PrecisionError` when the disk is full.
    func write(_ values: UnsafeBufferPointer<Float>, at row: Int) throws {
        precondition(values.count % width == 0)
        var done = 0
        let bytes = UnsafeRawBufferPointer(values)
        while done < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(row * width * 4 + done))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw PrecisionError(
                    "temporary file of hidden states: cannot be written (\(String(cString: strerror(errno)))); set TMPDIR to a "
                        + "folder with room, or lower --positions")
            }
            done += count
        }
    }

    /// Rows first ..< first + count into `target`, which has room for them.
    func read(_ first: Int, count: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
        precondition(target.count >= count * width)
        let bytes = UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(target)[0..<count * width * 4])
        var done = 0
        while done < bytes.count {
            let got = pread(
                descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(first * width * 4 + done))
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else {
                throw PrecisionError(
                    "temporary file of hidden states: cannot be read back (\(String(cString: strerror(errno))))")
            }
            done += got
        }
    }
}

/// Why dtypes could not be compared.
package struct PrecisionError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
