import Store

/// The last events of one process' state that a filter takes: where a reader may begin who wants some of the past.
struct LatestOfShare: Sendable {
    /// An event by its number.
    struct Candidate: Sendable {
        /// The number.
        let number: Int64
        /// When it was stored, or the latest time before it if its clock was set back; empty if it was not asked for.
        var time: String
    }

    /// The events read at a time on the way back.
    private static let pageLength = 500

    /// The events that the filter takes, the oldest first.
    private(set) var candidates: [Candidate] = []
    private let latest: StoredEvent?
    private let areNamed: Bool

    /// Finds the last `count` of them; blocks.
    ///
    /// - Parameter readsTimes: Whether the times are wanted.
    init(
        _ count: Int, in state: StatePart, _ filter: EventFilter, readsTimes: Bool
    ) throws(StoreError) {
        latest = try state.event(try state.latestCursor())
        areNamed = filter.named != nil
        // Nothing would end the way back before the first event.
        guard let latest, count > 0, !filter.takesNone else { return }
        if let named = filter.named {
            let numbers = try state.cursors(
                coder: named.coder, latents: named.latents, types: filter.wantedTypes, upTo: latest.cursor, limit: count
            )
            var times: [Int64: String] = [:]
            if readsTimes {
                for start in stride(from: 0, to: numbers.count, by: Self.pageLength) {
                    let part = Array(numbers[start..<min(start + Self.pageLength, numbers.count)])
                    times.merge(try state.events(at: part).mapValues(\.time)) { first, _ in first }
                }
            }
            candidates = numbers.map { Candidate(number: $0, time: times[$0] ?? "") }
        } else {
            var end = latest.cursor
            while candidates.count < count, end > 0 {
                let start = max(0, end - Int64(Self.pageLength))
                let page = try state.events(after: start, limit: Self.pageLength)
                for event in page.reversed() where event.cursor <= end && filter.takes(event) {
                    candidates.append(Candidate(number: event.cursor, time: readsTimes ? event.time : ""))
                    if candidates.count == count { break }
                }
                end = start
            }
            candidates.reverse()
        }
        for place in candidates.indices.dropFirst() {
            candidates[place].time = max(candidates[place].time, candidates[place - 1].time)
        }
    }

    /// A cursor that gives the last `count` of them and whatever comes after them; blocks.
    func cursor(giving count: Int, in state: StatePart) throws(StoreError) -> ShareCursor {
        let chosen = candidates.suffix(count)
        guard let first = chosen.first, let latest else { return ShareCursor(after: latest) }
        let start = max(0, first.number - Int64(Self.pageLength))
        let previous = try state.events(after: start, limit: Self.pageLength).last { $0.cursor < first.number }
        guard areNamed else { return ShareCursor(after: previous) }
        return ShareCursor(giving: chosen.map(\.number), after: previous?.cursor ?? 0, upTo: latest)
    }
}
