import Dashboard
import Dataflow
import Elements
import Hummingbird
import LatentSheets
import Store

/// `/api/v1/probe`: where a latent fires in a text that comes with the request.
struct ProbeRoute: Sendable {
    let state: ServedState

    private struct Answered: Encodable {
        let v = LatentSheet.version
        let coder: String
        let latent: Int
        let peak: Float
        let pieces: [TokenPiece]
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/v1/probe") { request, _ in try await respond(to: request) }
    }

    private func respond(to request: Request) async throws -> Response {
        guard let served = state.served else { return Answer.starting }
        let (key, text): (LatentKey, String)
        switch LatentQuestion(request, text: "text", purpose: "read", served.sheets) {
        case .asked(let asked, let given): (key, text) = (asked, given)
        case .refused(let response): return response
        }
        let tested = await Self.read(text, for: key, served)
        if let refusal = tested.refusal {
            return Answer.failure(.serviceUnavailable, code: "not_read", refusal)
        }
        return Answer.json(
            try SheetJSON.text(
                Answered(coder: key.coder, latent: key.latent, peak: tested.peak, pieces: tested.pieces)))
    }

    /// Reads a text; what stands against that is part of the answer.
    static func read(_ text: String, for key: LatentKey, _ served: Served) async -> TestedText {
        guard text.count <= TestedText.longest else {
            return TestedText(
                text: String(text.prefix(TestedText.longest)),
                refusal: "the text has \(text.count) characters, and at most \(TestedText.longest) are read: shorten it"
            )
        }
        guard let probe = served.probes[key.coder] else {
            return TestedText(
                text: text, refusal: "no subject runs in this process, so that no text can be read for \(key.coder)")
        }
        do {
            let read = try await probe.read(text, for: key.latent)
            let maximum = served.sheets.maximum(of: key)
            return TestedText(
                text: text,
                pieces: TokenPiece.pieces(of: read.tokens, activations: read.activations, maximum: maximum))
        } catch {
            return TestedText(text: text, refusal: "the text cannot be read now: \(error)")
        }
    }
}
