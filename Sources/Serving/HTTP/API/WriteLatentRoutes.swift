import Dataflow
import Foundation
import HTTPTypes
import Hummingbird
import LatentSheets
import Store

/// `POST /api/v1/explain`, `rescore`, `label` and `pin`: what persons ask for about latents; `RequestGuard` lets through who may.
struct WriteLatentRoutes: Sendable {
    let access: WriteAccess
    let readiness: Readiness
    let pool: ComputePool<Void>

    private struct Taken: Encodable {
        let v = LatentSheet.version
        let requests: Int
        let nodes: [String]
    }

    func add(to router: Router<BasicRequestContext>) {
        let readings: [(path: String, read: @Sendable (Data) throws(RequestBody.Fault) -> LatentWish)] = [
            ("explain", { bytes throws(RequestBody.Fault) in try LatentWish.several(.explain, bytes) }),
            ("rescore", { bytes throws(RequestBody.Fault) in try LatentWish.several(.rescore, bytes) }),
            ("label", { bytes throws(RequestBody.Fault) in try LatentWish.label(bytes) }),
            ("pin", { bytes throws(RequestBody.Fault) in try LatentWish.pin(bytes) }),
        ]
        for (path, read) in readings {
            router.post(RouterPath("/api/v1/\(path)")) { request, _ in try await take(request, read) }
        }
    }

    private func take(
        _ request: Request, _ read: (Data) throws(RequestBody.Fault) -> LatentWish
    ) async throws -> Response {
        guard readiness.phase != .starting else { return Answer.starting }
        guard let bytes = await RequestBody.bytes(of: request) else { return Answer.largeBody }
        let wish: LatentWish
        do {
            wish = try read(bytes)
        } catch {
            return Answer.badBody(error)
        }
        let directory = access.directory
        do {
            let taken = try await pool.run { _ in try LatentRequests.add(wish, directory: directory) }
            access.log(
                "asked to \(wish.kind.rawValue) latent \(wish.latents.map(String.init).joined(separator: ", ")) at "
                    + taken.nodes.joined(separator: ", "))
            return Answer.json(
                try SheetJSON.text(Taken(requests: taken.requests, nodes: taken.nodes)), status: .accepted)
        } catch let refusal as WishRefusal {
            let status: HTTPResponse.Status =
                switch refusal.kind {
                case .badBody: .badRequest
                case .unknown: .notFound
                case .notTaken, .conflict: .conflict
                }
            return Answer.failure(status, code: refusal.kind.rawValue, refusal.description)
        }
    }
}

extension LatentWish {
    /// Latents to be explained or scored: `{"latents": [17], "node": "prose", "coder": "codes"}`.
    static func several(_ kind: LatentRequest.Kind, _ bytes: Data) throws(RequestBody.Fault) -> LatentWish {
        let body = try RequestBody(bytes, members: ["latents", "node", "coder"], example: "{\"latents\": [17]}")
        return LatentWish(
            kind, node: try body.text("node"), coder: try body.text("coder"), latents: try body.latents("latents") ?? []
        )
    }

    /// A person's own words: `{"latent": 17, "text": "dates", "node": "people", "coder": "codes"}`.
    static func label(_ bytes: Data) throws(RequestBody.Fault) -> LatentWish {
        let body = try RequestBody(
            bytes, members: ["latent", "text", "node", "coder"], example: "{\"latent\": 17, \"text\": \"dates\"}")
        return LatentWish(
            .label, node: try body.text("node"), coder: try body.text("coder"), latents: [try body.latent("latent")],
            text: try body.text("text"))
    }

    /// What is to stand: `{"latent": 17, "job": "…", "coder": "codes"}`; `null` for the job of what need not stand any more.
    static func pin(_ bytes: Data) throws(RequestBody.Fault) -> LatentWish {
        let body = try RequestBody(
            bytes, members: ["latent", "job", "node", "coder"], example: "{\"latent\": 17, \"job\": \"…\"}")
        let isUnpinned = body.isNull("job")
        let job = isUnpinned ? nil : try body.text("job")
        if !isUnpinned, job == nil {
            throw RequestBody.Fault(
                message: "`job` must be there: the job of the explanation that is to stand, or null to unpin")
        }
        return LatentWish(
            isUnpinned ? .unpin : .pin, node: try body.text("node"), coder: try body.text("coder"),
            latents: [try body.latent("latent")], job: job)
    }
}
