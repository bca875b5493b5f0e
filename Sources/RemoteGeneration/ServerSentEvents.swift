/// Cuts a stream of bytes into the data of server-sent events (WHATWG HTML, section 9.2.6), wherever the network cut it.
///
/// Lines end with LF, CR or CR LF; comments (pings) and fields other than `data` are passed over; several `data` lines of
/// one event are joined by LF.
struct ServerSentEvents {
    /// Bytes of one event at most: a server that never ends a line must not take all memory.
    static let limit = 16 << 20

    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var previousWasCR = false
    private var isAtStart = true

    /// Takes the next bytes.
    /// - Returns: the data of every event that is complete now.
    /// - Throws: `EndpointError` if an event is larger than `limit`.
    mutating func append(_ bytes: some Sequence<UInt8>) throws(EndpointError) -> [[UInt8]] {
        var events: [[UInt8]] = []
        for byte in bytes {
            defer { previousWasCR = byte == 0x0D }
            switch byte {
            case 0x0A where previousWasCR: break
            case 0x0A, 0x0D: endLine(&events)
            default:
                line.append(byte)
                if line.count + data.count > Self.limit {
                    throw EndpointError("sent an event of more than \(Self.limit >> 20) MiB")
                }
            }
        }
        return events
    }

    /// The data of an event whose final blank line never came, as some servers leave it out; nil if there is none.
    mutating func finish() -> [UInt8]? {
        var events: [[UInt8]] = []
        if !line.isEmpty { endLine(&events) }
        endEvent(&events)
        return events.last
    }

    private mutating func endLine(_ events: inout [[UInt8]]) {
        defer { line.removeAll(keepingCapacity: true) }
        if isAtStart {
            isAtStart = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        if line.isEmpty { return endEvent(&events) }
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        guard name.elementsEqual("data".utf8) else { return }
        var value = line.dropFirst(name.count + 1)
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        if hasData { data.append(0x0A) }
        data += value
        hasData = true
    }

    private mutating func endEvent(_ events: inout [[UInt8]]) {
        if hasData { events.append(data) }
        data = []
        hasData = false
    }
}
