import Dashboard
import HTTPTypes
import Hummingbird
import LatentSheets
import Store
import Synchronization

/// `/api/v1/try`: how an explanation scores that comes with the request.
struct TrialRoute: Sendable {
    let state: ServedState

    private struct Answered: Encodable {
        let v = LatentSheet.version
        let coder: String
        let latent: Int
        let tried: TriedExplanation
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/v1/try") { request, _ in try await respond(to: request) }
    }

    private func respond(to request: Request) async throws -> Response {
        guard let served = state.served else { return Answer.starting }
        let (key, text): (LatentKey, String)
        switch LatentQuestion(request, text: "explanation", purpose: "try", served.sheets) {
        case .asked(let asked, let given): (key, text) = (asked, given)
        case .refused(let response): return response
        }
        guard text.count <= TriedExplanation.longest else {
            return Answer.badQuery(
                "`explanation` has \(text.count) characters, and at most \(TriedExplanation.longest) are tried")
        }
        let outcome = await Self.outcome(of: text, for: key, request, served)
        guard let tried = outcome.tried else {
            return Answer.failure(.serviceUnavailable, code: "not_tried", outcome.refusal ?? "")
        }
        return Answer.json(try SheetJSON.text(Answered(coder: key.coder, latent: key.latent, tried: tried)))
    }

    /// Tries an explanation; what stands against that is part of the answer.
    static func outcome(
        of text: String, for key: LatentKey, _ request: Request, _ served: Served
    ) async -> TriedText {
        func refused(_ reason: String) -> TriedText { TriedText(text: text, refusal: reason) }
        // A judge may cost money: an address in somebody else's page is not enough to ask it.
        guard request.isOfSameOrigin else {
            return refused("another site's page asks for this: open the latent's page and try it there")
        }
        guard let trial = served.trials[key.coder] else {
            return refused(
                "explanations of \(key.coder) can be tried only while its daemon runs, which has the encoder and the judge"
            )
        }
        guard served.trialGate.enter() else {
            return refused("another explanation is being tried: ask again in a moment")
        }
        defer { served.trialGate.leave() }
        do {
            return TriedText(try await trial.scores(of: text, for: key.latent))
        } catch {
            return refused("the explanation cannot be tried now: \(error)")
        }
    }
}

/// Lets one in at a time.
package final class TrialGate: Sendable {
    private let isTaken = Mutex(false)

    package init() {}

    /// Whether one may go in.
    func enter() -> Bool {
        isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }

    /// Lets the next one in.
    func leave() { isTaken.withLock { $0 = false } }
}
