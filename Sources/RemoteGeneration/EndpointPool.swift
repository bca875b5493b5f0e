import Foundation

/// Spreads requests over endpoints: each goes to where the fewest are under way, among those that answered last.
actor EndpointPool {
    private struct State {
        var underWay = 0
        /// All that were sent there.
        var sent = 0
        /// Since the last answer.
        var failures = 0
        /// Until when others are preferred, after a failure.
        var avoidedUntil: ContinuousClock.Instant?
        var dropped: Set<OptionalField> = []
    }

    nonisolated let endpoints: [EndpointURL]
    private var states: [State]

    init(_ endpoints: [EndpointURL]) {
        self.endpoints = endpoints
        states = endpoints.map { _ in State() }
    }

    /// Takes a place at the least loaded endpoint; ties go to the first, so that one request at a time stays in one cache.
    /// - Parameter failed: endpoints that could not answer this request before; others are preferred.
    func acquire(besides failed: Set<Int> = [], now: ContinuousClock.Instant = .now) -> (
        index: Int, dropped: Set<OptionalField>
    ) {
        func rank(_ index: Int) -> (Int, Int, Int, Int) {
            let avoided = states[index].avoidedUntil.map { $0 > now } ?? false
            return (failed.contains(index) ? 1 : 0, avoided ? 1 : 0, states[index].underWay, index)
        }
        let best = states.indices.min { rank($0) < rank($1) } ?? 0
        states[best].underWay += 1
        states[best].sent += 1
        return (best, states[best].dropped)
    }

    /// Gives the place back.
    /// - Parameter avoid: seconds for which others are preferred after a first failure; each further one in a row doubles
    ///   them, up to an hour.
    func release(_ index: Int, avoid: Double? = nil) {
        states[index].underWay -= 1
        states[index].failures = avoid == nil ? 0 : states[index].failures + 1
        let factor = Double(1 << min(20, max(0, states[index].failures - 1)))
        states[index].avoidedUntil = avoid.map { .now + .seconds(min(3600, $0 * factor)) }
    }

    /// Remembers that an endpoint does not know a field.
    /// - Returns: false if that was known.
    func drop(_ field: OptionalField, at index: Int) -> Bool { states[index].dropped.insert(field).inserted }

    /// Requests sent to each, retries included.
    var sent: [Int] { states.map(\.sent) }

    /// Fields that some endpoint does not know.
    var dropped: Set<OptionalField> { states.reduce(into: []) { $0.formUnion($1.dropped) } }
}
