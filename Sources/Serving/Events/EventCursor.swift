public import Store

/// A reader's position in the events of a state, or of all shares that are joined, across restarts of daemons.
///
/// Each share is followed by its own numbers. What is there of several is given in the order of their times; what comes later is
/// given when it is found, also if a share was behind.
public struct EventCursor: Sendable {
    /// The starting point.
    public enum Start: Sendable {
        /// After a place that was told before.
        case cursor(EventPlace)
        /// After all but the last events that the filter takes; the value is their number.
        case past(Int)
    }

    /// Events read together.
    public struct Page: Sendable {
        /// The events, the oldest first.
        public var events: [FollowedEvent] = []
        /// Whether the state is a different one from that followed so far.
        public var isOtherState = false
    }

    /// The most events of a page.
    private static let pageLength = 500
    /// The fewest that are read of a share at a time.
    private static let leastRead = 16
    /// The starting point; `nil` once started.
    private var start: Start?
    /// By share; empty before the first call.
    private var shares: [ShareCursor] = []

    /// Makes a cursor that has read nothing yet.
    public init(start: Start) { self.start = start }

    /// The place after the last event passed; 0 before the first.
    public var position: EventPlace { EventPlace(shares.map(\.number)) }

    /// Starts at the first event, unless it has started already or was given an event to start after.
    public mutating func startAtFirst() {
        if case .past = start { start = nil }
    }

    /// The next events, none if there are no more; blocks.
    ///
    /// - Throws: `StoreError` if the state cannot be read.
    public mutating func next(in reader: some StoreReading, _ filter: EventFilter) throws(StoreError) -> Page {
        let states = reader.eachPart
        if let start {
            let begun = try Self.begin(start, states, filter)
            self.start = nil
            guard let begun else { return startAnew(states) }
            shares = begun
        } else if shares.isEmpty {
            shares = states.map { _ in ShareCursor(after: nil) }
        }
        // Another number of processes works on the directory.
        guard shares.count == states.count else { return startAnew(states) }
        let limit = max(Self.pageLength / states.count, Self.leastRead)
        for (share, state) in states.enumerated() {
            guard try shares[share].read(in: state, limit: limit) else { return startAnew(states) }
        }
        return Page(events: takeInOrder())
    }

    private mutating func startAnew(_ states: [StatePart]) -> Page {
        shares = states.map { _ in ShareCursor(after: nil) }
        return Page(isOtherState: true)
    }

    /// Takes what is at hand by time, up to where a share may have more that comes before the rest.
    private mutating func takeInOrder() -> [FollowedEvent] {
        var numbers = shares.map(\.number)
        let open = shares.indices.filter { shares[$0].hasNext }
        var events: [FollowedEvent] = []
        while let next = open.min(by: { (shares[$0].nextTime, $0) < (shares[$1].nextTime, $1) }),
            let event = shares[next].take()
        {
            numbers[next] = event.cursor
            events.append(FollowedEvent(event: event, place: EventPlace(numbers)))
            if !shares[next].hasNext { break }
        }
        return events
    }

    /// The cursors of all shares at a starting point; `nil` if there is none such in these states.
    private static func begin(
        _ start: Start, _ states: [StatePart], _ filter: EventFilter
    ) throws(StoreError) -> [ShareCursor]? {
        var cursors: [ShareCursor] = []
        switch start {
        case .cursor(let place):
            guard let numbers = place.numbers(of: states.count) else { return nil }
            for (state, number) in zip(states, numbers) {
                let event = try state.event(number)
                if number > 0, event == nil { return nil }
                cursors.append(ShareCursor(after: event))
            }
        case .past(let count):
            var latest: [LatestOfShare] = []
            for state in states {
                latest.append(try LatestOfShare(count, in: state, filter, readsTimes: states.count > 1))
            }
            let wanted = counts(ofLast: count, in: latest)
            for (state, (latest, count)) in zip(states, zip(latest, wanted)) {
                cursors.append(try latest.cursor(giving: count, in: state))
            }
        }
        return cursors
    }

    /// How many of the last `count` events of all are of each share.
    private static func counts(ofLast count: Int, in shares: [LatestOfShare]) -> [Int] {
        guard shares.count > 1 else { return [count] }
        let all = shares.enumerated().flatMap { share, latest in
            latest.candidates.enumerated().map { (time: $1.time, share: share, place: $0) }
        }
        let last = all.sorted { ($0.time, $0.share, $0.place) < ($1.time, $1.share, $1.place) }.suffix(max(count, 0))
        return last.reduce(into: shares.map { _ in 0 }) { $0[$1.share] += 1 }
    }
}
