import Dispatch
import Foundation
import Synchronization

/// Turns SIGINT and SIGTERM into a call, once; the second signal ends the process at once.
final class Interrupts: Sendable {
    private let count = Atomic(0)
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    var happened: Bool { count.load(ordering: .relaxed) > 0 }

    init(_ handler: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [self] in
                if count.add(1, ordering: .relaxed).newValue > 1 { _exit(Exit.interrupted) }
                handler()
            }
            source.resume()
        }
    }
}
