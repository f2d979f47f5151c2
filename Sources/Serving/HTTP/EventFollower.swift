import Dataflow
import Store

/// Writes events as server-sent events as they come.
///
/// Source: WHATWG HTML Living Standard, section 9.2 "Server-sent events".
struct EventFollower: Sendable {
    let served: Served
    let filter: EventFilter
    let pool: ComputePool<Void>
    let rings: AsyncStream<Void>

    /// Writes until the rings end or writing fails.
    ///
    /// A comment says that there is nothing more for now; it also shows a lost connection to both sides.
    func follow(from start: EventTrail.Start, write: (String) async throws -> Void) async throws {
        var trail = EventTrail(start: start)
        for await _ in rings {
            while true {
                let (before, reader, filter) = (trail, served.reader, filter)
                let (after, page) = try await pool.run { _ in
                    var trail = before
                    let page = try trail.next(in: reader, filter)
                    return (trail, page)
                }
                trail = after
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
