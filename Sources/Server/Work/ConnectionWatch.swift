import NIOCore
import NIOHTTPTypes
import Synchronization

/// Tells that a client has gone away.
final class ConnectionWatch: Sendable {
    private struct State {
        var isClosed = false
        var nextID = 0
        var handlers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Calls `handler` once when the client goes away, at once if it has. `forget` takes the returned number.
    func onClose(_ handler: @escaping @Sendable () -> Void) -> Int {
        let id = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.nextID += 1
            state.handlers[state.nextID] = handler
            return state.nextID
        }
        if id == nil { handler() }
        return id ?? 0
    }

    func forget(_ id: Int) { state.withLock { _ = $0.handlers.removeValue(forKey: id) } }

    fileprivate func close() {
        let handlers = state.withLock { state -> [@Sendable () -> Void] in
            defer { state.handlers = [:] }
            state.isClosed = true
            return Array(state.handlers.values)
        }
        for handler in handlers { handler() }
    }
}

/// The watches of all open connections.
final class ConnectionWatches: Sendable {
    private let watches = Mutex<[ObjectIdentifier: ConnectionWatch]>([:])

    /// The watch of a connection; nil once it is closed.
    func watch(of channel: any Channel) -> ConnectionWatch? {
        watches.withLock { $0[ObjectIdentifier(channel)] }
    }

    var count: Int { watches.withLock { $0.count } }

    fileprivate func open(_ channel: any Channel) -> ConnectionWatch {
        let watch = ConnectionWatch()
        watches.withLock { $0[ObjectIdentifier(channel)] = watch }
        return watch
    }

    fileprivate func close(_ channel: any Channel) {
        watches.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }
}

/// Sees a connection end while nobody reads it, and ends one whose client has stopped reading.
///
/// A client that closes its sending half counts as gone: between it and one that is really gone TCP shows no difference
/// until something is written.
final class ConnectionWatchHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let watches: ConnectionWatches
    private let stall: TimeAmount
    private var watch: ConnectionWatch?
    private var stalled: Scheduled<Void>?

    init(_ watches: ConnectionWatches, stallSeconds: Int) {
        self.watches = watches
        stall = .seconds(Int64(stallSeconds))
    }

    func handlerAdded(context: ChannelHandlerContext) { watch = watches.open(context.channel) }

    func handlerRemoved(context: ChannelHandlerContext) { end(context) }

    func channelInactive(context: ChannelHandlerContext) {
        end(context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        watch?.close()
        context.fireErrorCaught(error)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { watch?.close() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stalled?.cancel()
        stalled = nil
        if !context.channel.isWritable {
            let channel = context.channel
            stalled = context.eventLoop.scheduleTask(in: stall) { channel.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    private func end(_ context: ChannelHandlerContext) {
        stalled?.cancel()
        stalled = nil
        watch?.close()
        watches.close(context.channel)
    }
}
