import AsyncHTTPClient
import Dataflow
import Foundation
import NIOCore
import NIOHTTP1
import Serving
import Store

/// Follows the results of a latent or a node for `gloss top`, until its task is cancelled.
///
/// It begins with past ones, and goes on by itself when the daemon or the state can be read again.
struct TopFollower: Sendable {
    let source: TopSource
    let subject: TopSubject
    /// Told of what comes, in order.
    let told: @Sendable (TopTail.News) -> Void

    /// The past events that are looked through: they are chosen by latents, but not by nodes.
    private var past: Int {
        switch subject {
        case .latent: 200
        case .node: 5000
        }
    }

    /// Follows until the task is cancelled.
    func run() async {
        switch source {
        case .daemon(let address, let token): await follow(address, token: token)
        case .stored(let stored, let pool, _):
            let filter =
                switch subject {
                case .latent(let key): EventFilter(coder: key.coder, latents: [key.latent])
                case .node: EventFilter()
                }
            await follow { cursor in
                try await pool.run { _ in
                    var cursor = cursor
                    let page = try cursor.next(in: stored.reader, filter)
                    return (cursor, page)
                }
            }
        }
    }

    // MARK: - A state directory

    private func follow(_ next: (EventCursor) async throws -> (EventCursor, EventCursor.Page)) async {
        var cursor = EventCursor(start: .past(past))
        while !Task.isCancelled {
            do {
                let (after, page) = try await next(cursor)
                cursor = after
                if page.isOtherState { told(.reset) }
                told(.lines(page.events.compactMap { line(of: $0.json) }))
                if page.isOtherState || !page.events.isEmpty { continue }
            } catch {
                guard !Task.isCancelled else { return }
                told(.trouble("\(error)"))
            }
            guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
        }
    }

    // MARK: - A daemon

    private func follow(_ address: String, token: String?) async {
        var events = ServerSentEvents()
        while !Task.isCancelled {
            do {
                try await connection(to: address, token: token, &events)
                told(.trouble("\(address) has ended the connection"))
            } catch {
                guard !Task.isCancelled else { return }
                told(.trouble("\(address) \(DaemonClient.reason(error))"))
            }
            guard (try? await Task.sleep(for: .seconds(2))) != nil else { return }
        }
    }

    private func connection(to address: String, token: String?, _ events: inout ServerSentEvents) async throws {
        events.reconnect()
        var query = events.lastID == nil ? ["past=\(past)"] : []
        query += subject.query
        let request = DaemonClient.events(of: address, query, token: token, after: events.lastID)
        let response = try await DaemonClient.follower.execute(request, timeout: .hours(24))
        guard response.status == .ok else {
            let body = try await response.body.collect(upTo: 64 << 10)
            throw DaemonClient.Unanswered(
                description: DaemonClient.refusal(response.status, body.readableBytesView))
        }
        for try await buffer in response.body {
            var lines: [String] = []
            for event in events.take(buffer.readableBytesView) {
                if event.name == "reset" {
                    // What came before it is of the former state.
                    if !lines.isEmpty { told(.lines(lines)) }
                    lines = []
                    told(.reset)
                } else if event.name != "away", let line = line(of: event.data) {
                    lines.append(line)
                }
            }
            if !lines.isEmpty || events.isIdle { told(.lines(lines)) }
        }
    }

    /// The line of an event, as `gloss tail` prints it; `nil` if it is about something else.
    private func line(of json: String) -> String? {
        guard let event = TailedEvent(json), subject.takes(event) else { return nil }
        return EventForm.text.text(of: event)
    }
}
