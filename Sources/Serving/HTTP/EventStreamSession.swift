import Dataflow
import Store

/// One client that follows the events: writes them as server-sent events as they come.
///
/// Source: WHATWG HTML Living Standard, section 9.2 "Server-sent events".
struct EventStreamSession: Sendable {
    let served: Served
    let filter: EventFilter
    let pool: ComputePool<Void>
    /// Yields when there may be new events.
    let changes: AsyncStream<Void>

    /// Writes until `changes` ends or writing fails.
    ///
    /// A comment says that there is nothing more for now; it also shows a lost connection to both sides.
    func run(from start: EventCursor.Start, write: (String) async throws -> Void) async throws {
        var cursor = EventCursor(start: start)
        for await _ in changes {
            while true {
                let (before, reader, filter) = (cursor, served.reader, filter)
                let (after, page) = try await pool.run { _ in
                    var cursor = before
                    let page = try cursor.next(in: reader, filter)
                    return (cursor, page)
                }
                cursor = after
                if page.isOtherState {
                    try await write("event: reset\ndata: {\"state\":\"\(served.stateName)\"}\n\n")
                    continue
                }
                if page.events.isEmpty { break }
                let text = page.events.filter(filter.takes).map(message).joined()
                if !text.isEmpty { try await write(text) }
            }
            try await write(": \n\n")
        }
    }

    private func message(_ event: StoredEvent) -> String {
        "id: \(served.stateName):\(event.cursor)\nevent: \(event.type.rawValue)\ndata: \(event.jsonWithCursor)\n\n"
    }
}
