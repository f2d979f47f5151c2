import Dataflow
import JSONText
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
    /// Tells of evidence that has grown; `nil` if that is not wanted.
    var evidence: EvidenceFollower?

    /// Writes until `changes` ends or writing fails.
    ///
    /// A comment says that there is nothing more for now; it also shows a lost connection to both sides.
    func run(from start: EventCursor.Start, write: (String) async throws -> Void) async throws {
        var cursor = EventCursor(start: start)
        var away: [String: Int64] = [:]
        var evidence = evidence
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
                let text = page.events.filter { filter.takes($0.event) }.map(message).joined()
                if !text.isEmpty { try await write(text) }
            }
            let current = served.away()
            if current != away {
                away = current
                try await write(Self.message(away))
            }
            if let follower = evidence {
                let (after, events) = try await pool.run { [served] _ in
                    var follower = follower
                    let events = follower.next(in: served.reader) { { served.sheets.statistics(of: $0, from: $1) } }
                    return (follower, events)
                }
                evidence = after
                let text = events.map { "event: evidence\ndata: \($0)\n\n" }.joined()
                if !text.isEmpty { try await write(text) }
            }
            try await write(": \n\n")
        }
    }

    /// What is no result and has no id: the models whose servers are away now, each with the time since when.
    private static func message(_ away: [String: Int64]) -> String {
        let models = away.sorted { $0.key < $1.key }.map { model, since in
            JSONValue.object([("model", .string(model)), ("since", .string(Timestamp.text(since)))])
        }
        return "event: away\ndata: \(JSONValue.object([("away", .array(models))]).text)\n\n"
    }

    private func message(_ followed: FollowedEvent) -> String {
        let type = followed.event.type.rawValue
        return "id: \(served.stateName):\(followed.place)\nevent: \(type)\ndata: \(followed.json)\n\n"
    }
}
