public import Store

/// A reader's position in the events, across restarts of the daemon.
public struct EventCursor: Sendable {
    /// The starting point.
    public enum Start: Sendable {
        /// After the event of a cursor.
        case cursor(Int64)
        /// After all but the last events that the filter takes; the value is their number.
        case past(Int)
    }

    /// Events read together.
    public struct Page: Sendable {
        /// The events, the oldest first.
        public var events: [StoredEvent] = []
        /// Whether the state is a different one from that followed so far.
        public var isOtherState = false
    }

    private static let pageLength = 500
    /// The starting point; `nil` once started.
    private var start: Start?
    /// The last event passed; `nil` before the first.
    private var last: StoredEvent?
    /// The cursors of events up to `last` that are still to be given.
    private var waiting: [Int64] = []

    /// Makes a cursor that has read nothing yet.
    public init(start: Start) { self.start = start }

    /// The number of the last event passed; 0 before the first.
    public var position: Int64 { waiting.first.map { $0 - 1 } ?? last?.cursor ?? 0 }

    /// Starts at the first event, unless it has started already or was given an event to start after.
    public mutating func startAtFirst() {
        if case .past = start { start = nil }
    }

    /// The next events, none if there are no more; blocks.
    ///
    /// - Throws: `StoreError` if the state cannot be read.
    public mutating func next(in reader: some StoreReading, _ filter: EventFilter) throws(StoreError) -> Page {
        if case .past(let count) = start, let named = filter.named, !filter.takesNone {
            let latest = try Self.event(try reader.latestCursor(), reader)
            if let latest {
                waiting = try reader.cursors(
                    coder: named.coder, latents: named.latents, types: filter.wantedTypes, upTo: latest.cursor,
                    limit: count)
            }
            (last, start) = (latest, nil)
        }
        if !waiting.isEmpty { return try nextWaiting(in: reader) }
        if let start {
            last = try Self.lastPassed(start, reader, filter)
            self.start = nil
            if case .cursor(let cursor) = start, cursor > 0, last == nil { return Page(isOtherState: true) }
        }
        guard let last else {
            let events = try reader.events(after: 0, limit: Self.pageLength)
            self.last = events.last
            return Page(events: events)
        }
        // The last event is read again: if it is not the same, the directory was emptied and its cursors mean other
        // events.
        let events = try reader.events(after: last.cursor - 1, limit: Self.pageLength)
        guard events.first == last else {
            self.last = nil
            return Page(isOtherState: true)
        }
        self.last = events.last
        return Page(events: Array(events.dropFirst()))
    }

    /// The next of the events that wait.
    private mutating func nextWaiting(in reader: some StoreReading) throws(StoreError) -> Page {
        guard let last, try Self.event(last.cursor, reader) == last else {
            (self.last, waiting) = (nil, [])
            return Page(isOtherState: true)
        }
        let cursors = Array(waiting.prefix(Self.pageLength))
        let events = try reader.events(at: cursors)
        waiting.removeFirst(cursors.count)
        return Page(events: cursors.compactMap { events[$0] })
    }

    private static func lastPassed(
        _ start: Start, _ reader: some StoreReading, _ filter: EventFilter
    ) throws(StoreError) -> StoredEvent? {
        switch start {
        case .cursor(let cursor): try event(cursor, reader)
        case .past(let count): try event(cursor(before: count, reader, filter), reader)
        }
    }

    private static func event(_ cursor: Int64, _ reader: some StoreReading) throws(StoreError) -> StoredEvent? {
        guard cursor > 0, let event = try reader.events(after: cursor - 1, limit: 1).first else { return nil }
        return event.cursor == cursor ? event : nil
    }

    /// The cursor after which `count` events are left that the filter takes.
    private static func cursor(
        before count: Int, _ reader: some StoreReading, _ filter: EventFilter
    ) throws(StoreError) -> Int64 {
        var cursor = try reader.latestCursor()
        // Nothing would end the way back before the first event.
        if filter.takesNone { return cursor }
        var wanted = count
        while wanted > 0, cursor > 0 {
            let start = max(0, cursor - Int64(pageLength))
            let page = try reader.events(after: start, limit: pageLength).filter { $0.cursor <= cursor }
            for event in page.reversed() where filter.takes(event) {
                wanted -= 1
                if wanted == 0 { return try previous(to: event, reader) }
            }
            cursor = start
        }
        return cursor
    }

    /// The cursor of the event before another; 0 if that is the first.
    private static func previous(to event: StoredEvent, _ reader: some StoreReading) throws(StoreError) -> Int64 {
        let start = max(0, event.cursor - Int64(pageLength))
        return try reader.events(after: start, limit: pageLength).last { $0.cursor < event.cursor }?.cursor ?? 0
    }
}
