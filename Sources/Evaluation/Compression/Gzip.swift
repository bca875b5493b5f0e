/// Reads gzip files (RFC 1952), several members included, and checks their checksums.
package enum Gzip {
    package static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// - Parameters:
    ///   - file: name for errors.
    ///   - limit: bytes the content may have.
    /// - Throws: `EvaluationError` naming the file and what is broken.
    package static func decompress(_ bytes: [UInt8], file: String, limit: Int) throws(EvaluationError) -> [UInt8] {
        var content: [UInt8] = []
        var rest = bytes[...]
        repeat {
            let body = try skipHeader(rest, file: file)
            do {
                let (part, end) = try Inflate.decompress(body, limit: limit - content.count)
                let trailer = bytes[end...].prefix(8)
                guard trailer.count == 8 else { throw Inflate.Failure.truncated }
                guard number(trailer.prefix(4)) == CRC32.checksum(part),
                    number(trailer.suffix(4)) == UInt32(truncatingIfNeeded: part.count)
                else { throw Inflate.Failure.corrupt("checksum") }
                // In place: there may be as many members as kilobytes.
                content += part
                rest = bytes[(end + 8)...]
            } catch Inflate.Failure.truncated {
                throw broken(file, "the file ends too early; fetch it again")
            } catch Inflate.Failure.tooLarge {
                throw broken(file, "more than \(limit) bytes of content; split the file")
            } catch Inflate.Failure.corrupt(let what) {
                throw broken(file, "damaged data (\(what)); fetch the file again")
            } catch {
                throw broken(file, "\(error)")
            }
        } while rest.starts(with: [0x1F, 0x8B])
        // Zero bytes may pad the file; anything else does not belong there.
        guard rest.allSatisfy({ $0 == 0 }) else { throw broken(file, "unknown bytes at the end; fetch the file again") }
        return content
    }

    private static func broken(_ file: String, _ what: String) -> EvaluationError {
        EvaluationError(.badInput, "\(file): cannot unpack gzip data: \(what)")
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func skipHeader(_ bytes: ArraySlice<UInt8>, file: String) throws(EvaluationError) -> ArraySlice<
        UInt8
    > {
        let tooShort = broken(file, "the file ends too early; fetch it again")
        guard bytes.count >= 10 else { throw tooShort }
        let header = Array(bytes.prefix(10))
        guard header[0] == 0x1F, header[1] == 0x8B, header[2] == 8, header[3] & 0xE0 == 0 else {
            throw broken(file, "unknown header; the file must be gzip with method deflate")
        }
        var rest = bytes.dropFirst(10)
        if header[3] & 4 != 0 {
            guard rest.count >= 2 else { throw tooShort }
            let length = Int(number(rest.prefix(2)))
            guard rest.count >= 2 + length else { throw tooShort }
            rest = rest.dropFirst(2 + length)
        }
        // Name and comment, each ended by a zero byte.
        for flag: UInt8 in [8, 16] where header[3] & flag != 0 {
            guard let end = rest.firstIndex(of: 0) else { throw tooShort }
            rest = rest[(end + 1)...]
        }
        if header[3] & 2 != 0 {
            guard rest.count >= 2 else { throw tooShort }
            rest = rest.dropFirst(2)
        }
        return rest
    }
}
