import Store

/// A reader's position in the events of one process' state, across restarts of its daemon.
struct ShareCursor: Sendable {
    /// The last event read; `nil` before the first.
    private var last: StoredEvent?
    /// The numbers of events up to `last` that are still to be read.
    private var waiting: [Int64]
    /// The events that were read and not given yet, the oldest first.
    private(set) var ahead: ArraySlice<StoredEvent> = []
    /// The time of the first of them.
    private(set) var nextTime = ""
    /// The number of the last event given, or of that which it began after.
    private var given: Int64

    /// Begins after an event, at the first for `nil`.
    init(after event: StoredEvent?) {
        (last, waiting, given) = (event, [], event?.cursor ?? 0)
    }

    /// Begins with the events of some numbers, of which `latest` is not before the last, and goes on after `latest`.
    ///
    /// - Parameter previous: The number of the event before the first of them.
    init(giving waiting: [Int64], after previous: Int64, upTo latest: StoredEvent) {
        (last, self.waiting, given) = (latest, waiting, previous)
    }

    /// Where it stands: after everything that it has passed over, or after the last event given while there are more.
    var number: Int64 { ahead.isEmpty && waiting.isEmpty ? last?.cursor ?? 0 : given }

    /// Whether events are at hand.
    var hasNext: Bool { !ahead.isEmpty }

    /// Reads further events unless some are at hand; blocks.
    ///
    /// - Parameter limit: At most so many; at least 2.
    /// - Returns: `false` if the state is a different one from that followed so far.
    mutating func read(in state: StatePart, limit: Int) throws(StoreError) -> Bool {
        guard ahead.isEmpty else { return true }
        defer { nextTime = ahead.first?.time ?? "" }
        if !waiting.isEmpty { return try readWaiting(in: state, limit: limit) }
        guard let last else {
            ahead = try state.events(after: 0, limit: limit)[...]
            self.last = ahead.last
            return true
        }
        // The last event is read again: if it is not the same, the directory was emptied and its numbers mean other
        // events.
        let events = try state.events(after: last.cursor - 1, limit: limit)
        guard events.first == last else { return false }
        self.last = events.last
        ahead = events.dropFirst()
        return true
    }

    private mutating func readWaiting(in state: StatePart, limit: Int) throws(StoreError) -> Bool {
        guard let last, try state.event(last.cursor) == last else { return false }
        let numbers = Array(waiting.prefix(limit))
        let events = try state.events(at: numbers)
        waiting.removeFirst(numbers.count)
        ahead = numbers.compactMap { events[$0] }[...]
        return true
    }

    /// Gives the next event that is at hand.
    mutating func take() -> StoredEvent? {
        guard let event = ahead.popFirst() else { return nil }
        given = event.cursor
        nextTime = ahead.first?.time ?? ""
        return event
    }
}

extension StatePart {
    /// The event of a number; `nil` if there is none.
    func event(_ number: Int64) throws(StoreError) -> StoredEvent? {
        guard number > 0, let event = try events(after: number - 1, limit: 1).first else { return nil }
        return event.cursor == number ? event : nil
    }
}
