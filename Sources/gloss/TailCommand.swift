import ArgumentParser
import Daemon
import Dataflow
import Foundation
import Store

/// Prints results as they come.
struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Prints results of a state directory as they come, one a line; goes on when the daemon is restarted.",
        discussion: "Without --scores, --explanations or --failures, all of them. Results on stdout, notices on stderr."
    )

    @Argument(help: "The state directory, as `state.directory` of the topology names it.")
    var directory: String

    @Flag(help: "Print scores.")
    var scores = false

    @Flag(help: "Print explanations.")
    var explanations = false

    @Flag(help: "Print jobs that were given up.")
    var failures = false

    @Flag(help: "Print each result as a JSON object with its cursor.")
    var json = false

    @Option(help: "Print results of this latent only; may be repeated.")
    var latent: [Int] = []

    @Option(name: [.customShort("o"), .long], help: "Print this many past results first.")
    var offset: Int?

    @Option(help: "Go on after this cursor, which an earlier --json told.")
    var sinceCursor: Int64?

    @Option(name: [.customShort("c"), .long], help: "End after this many lines.")
    var count: Int?

    @Flag(name: [.customShort("e"), .long], help: "End when there is nothing more.")
    var end = false

    func validate() throws {
        if let offset, offset < 0 { throw ValidationError("--offset needs a number of at least 0") }
        if let sinceCursor, sinceCursor < 0 { throw ValidationError("--since-cursor needs a number of at least 0") }
        if let count, count < 1 { throw ValidationError("--count needs a number of at least 1") }
        if offset != nil, sinceCursor != nil { throw ValidationError("give --offset or --since-cursor, not both") }
    }

    func run() async throws {
        let pool = ComputePool(name: "tail", threads: 1)
        let (directory, filter) = (directory, filter)
        var trail = EventTrail(start: sinceCursor.map(EventTrail.Start.cursor) ?? .past(offset ?? 0))
        var complaint: String?
        var printed = 0
        while true {
            do {
                let before = trail
                let (after, page) = try await pool.run { _ in
                    var trail = before
                    let page = try trail.next(in: Store.reader(directory: directory), filter)
                    return (trail, page)
                }
                trail = after
                if page.isOtherState {
                    Notice.write("tail", "\(directory): not the state of the cursor: going on from its first result")
                } else if complaint != nil {
                    Notice.write("tail", "\(directory): readable again, going on after cursor \(trail.cursor)")
                }
                complaint = nil
                for event in page.events where filter.takes(event) {
                    Terminal.print(line(event))
                    printed += 1
                    if printed == count { return }
                }
                if page.isOtherState || !page.events.isEmpty { continue }
                if end { return }
            } catch let error as StoreError {
                guard Self.canWait(error, end: end) else {
                    Notice.write("tail", "\(error)")
                    throw ExitCode(66)
                }
                // What is not there yet, or is being made, has no past: all that it will hold is new.
                if case .missing = error { trail.startAtFirst() }
                if complaint != error.description {
                    Notice.write("tail", "\(error); waiting")
                    complaint = error.description
                }
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }

    private var filter: EventFilter {
        let chosen: [(isChosen: Bool, type: EventType)] = [
            (scores, .score), (explanations, .explanation), (failures, .failure),
        ]
        let types = chosen.filter(\.isChosen).map(\.type)
        return EventFilter(types: types.isEmpty ? nil : Set(types), latents: latent.isEmpty ? nil : Set(latent))
    }

    /// Whether the cause may pass by itself: a daemon that starts, is upgraded or writes, or a directory put back.
    private static func canWait(_ error: StoreError, end: Bool) -> Bool {
        switch error {
        case .busy: true
        case .damaged, .notADirectory, .otherSchema(_, isNewer: true): false
        default: !end
        }
    }

    private func line(_ event: StoredEvent) -> String {
        let text = json ? event.jsonWithCursor : EventLine.text(of: event.json) ?? event.json
        // A model's words may hold line breaks, but an event is one line.
        return Notice.printable(String(text.map { $0.isNewline ? " " : $0 }))
    }
}

/// Which events are wanted; `nil` for all.
private struct EventFilter: Sendable {
    let types: Set<EventType>?
    let latents: Set<Int>?

    private struct Latent: Decodable { let latent: Int? }

    func takes(_ event: StoredEvent) -> Bool {
        if let types, !types.contains(event.type) { return false }
        guard let latents else { return true }
        let found = try? JSONDecoder().decode(Latent.self, from: Data(event.json.utf8))
        return found?.latent.map(latents.contains) ?? false
    }
}

/// How far the events have been followed, across restarts of the daemon.
private struct EventTrail: Sendable {
    /// Where to begin.
    enum Start: Sendable {
        /// Behind the event of a cursor.
        case cursor(Int64)
        /// So many events before the end.
        case past(Int)
    }

    /// Events read together.
    struct Page: Sendable {
        var events: [StoredEvent] = []
        /// Whether the state is another one than that followed so far.
        var isOtherState = false
    }

    private static let pageLength = 500
    /// Where to begin; `nil` once begun.
    private var start: Start?
    /// The last event passed; `nil` before the first.
    private var last: StoredEvent?

    init(start: Start) { self.start = start }

    /// The cursor of the last event passed; 0 before the first.
    var cursor: Int64 { last?.cursor ?? 0 }

    /// Begins at the first event, unless begun already or told a cursor.
    mutating func startAtFirst() {
        if case .past = start { start = nil }
    }

    /// The next events, none where there are no more; blocks.
    mutating func next(in reader: StoreReader, _ filter: EventFilter) throws(StoreError) -> Page {
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
        // The last event is read again: where it is not the same, the directory was emptied and its cursors mean others.
        let events = try reader.events(after: last.cursor - 1, limit: Self.pageLength)
        guard events.first == last else {
            self.last = nil
            return Page(isOtherState: true)
        }
        self.last = events.last
        return Page(events: Array(events.dropFirst()))
    }

    private static func lastPassed(
        _ start: Start, _ reader: StoreReader, _ filter: EventFilter
    ) throws(StoreError) -> StoredEvent? {
        switch start {
        case .cursor(let cursor): try event(cursor, reader)
        case .past(let count): try event(cursor(before: count, reader, filter), reader)
        }
    }

    private static func event(_ cursor: Int64, _ reader: StoreReader) throws(StoreError) -> StoredEvent? {
        guard cursor > 0, let event = try reader.events(after: cursor - 1, limit: 1).first else { return nil }
        return event.cursor == cursor ? event : nil
    }

    /// The cursor behind which `count` events that the filter takes are left.
    private static func cursor(
        before count: Int, _ reader: StoreReader, _ filter: EventFilter
    ) throws(StoreError) -> Int64 {
        var cursor = try reader.latestCursor()
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

    /// The cursor of the event before another; 0 where that is the first.
    private static func previous(to event: StoredEvent, _ reader: StoreReader) throws(StoreError) -> Int64 {
        let start = max(0, event.cursor - Int64(pageLength))
        return try reader.events(after: start, limit: pageLength).last { $0.cursor < event.cursor }?.cursor ?? 0
    }
}
