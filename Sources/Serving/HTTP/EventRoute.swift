import Dataflow
import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// `/v1/events`: results as they come, as server-sent events.
///
/// The id of an event is the state's name and the place after the event, of joined shares a number of each; if a client sends it back as
/// `Last-Event-ID` after a break, it gets every later event once. If the state is another by then, an event `reset` says
/// so and the events start from the first.
///
/// With `type=evidence` events of that name, without an id, tell of evidence that grows.
struct EventRoute: Sendable {
    let state: ServedState
    let changes: ChangeSignal
    let pool: ComputePool<Void>

    private static let evidence = "evidence"
    private static let parameters: Set<String> = ["type", "coder", "latent", "cursor", "past"]

    func add(to router: Router<BasicRequestContext>) {
        router.get("/v1/events") { request, _ in respond(to: request) }
    }

    private func respond(to request: Request) -> Response {
        guard let served = state.served else { return Answer.starting }
        let (filter, evidence): (EventFilter, EvidenceFollower?)
        let start: EventCursor.Start
        do {
            (filter, evidence) = try Self.filter(request)
            start = try Self.start(request, state: served.stateName)
        } catch {
            return Answer.badQuery(error.message)
        }
        guard let changes = changes.listen() else {
            return Answer.failure(
                .serviceUnavailable, code: "too_many_followers", "as many programs follow the events as may",
                headers: [.retryAfter: "5"])
        }
        let session = EventStreamSession(
            served: served, filter: filter, pool: pool, changes: changes, evidence: evidence)
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                try await session.run(from: start) { try await writer.write(ByteBuffer(string: $0)) }
                try await writer.finish(nil)
            })
    }

    private struct BadQuery: Error { let message: String }

    private static func filter(_ request: Request) throws(BadQuery) -> (EventFilter, EvidenceFollower?) {
        let query = request.uri.queryParameters
        for (name, _) in query where !parameters.contains(String(name)) {
            throw BadQuery(
                message: "`\(name)` is not known here: there are \(parameters.sorted().joined(separator: ", "))")
        }
        var types: Set<EventType> = []
        let names = query.getAll("type")
        for name in names where name != evidence {
            guard let type = EventType(rawValue: name), EventType.followed.contains(type) else {
                throw BadQuery(message: "`type` must be \(evidence), \(EventType.followedNames)")
            }
            types.insert(type)
        }
        var latents: Set<Int> = []
        for text in query.getAll("latent") {
            guard let latent = Int(text), latent >= 0 else {
                throw BadQuery(message: "`latent` must be a number of at least 0")
            }
            latents.insert(latent)
        }
        let coder = query.get("coder")
        // Whoever asks for evidence alone gets no results.
        let filter = EventFilter(
            types: names.isEmpty ? nil : types, coder: coder, latents: latents.isEmpty ? nil : latents)
        return (filter, names.contains(evidence) ? EvidenceFollower(coder: coder, latents: latents) : nil)
    }

    private static func start(_ request: Request, state: String) throws(BadQuery) -> EventCursor.Start {
        if let id = request.header("last-event-id") {
            let parts = id.split(separator: ":")
            guard parts.count == 2, let place = EventPlace(parts[1]) else {
                throw BadQuery(message: "`Last-Event-ID` is not the id of an event of this daemon")
            }
            // A place that no state has says that the state is another one.
            return .cursor(parts[0] == state ? place : .nowhere)
        }
        let query = request.uri.queryParameters
        if let text = query.get("cursor") {
            guard let place = EventPlace(text), place.isSomewhere else {
                throw BadQuery(
                    message: "`cursor` must be a number of at least 0, or one for each share with hyphens between them")
            }
            return .cursor(place)
        }
        guard let text = query.get("past") else { return .past(0) }
        guard let past = Int(text), (0...100_000).contains(past) else {
            throw BadQuery(message: "`past` must be a number from 0 to 100000")
        }
        return .past(past)
    }
}
