import Dataflow
import Elements
import Hummingbird
import Observability
import Store

/// `/v1/latents` and `/v1/latents/{coder}/{latent}`.
struct LatentRoutes: Sendable {
    let state: ServedState
    let latestEvidence: LatestEvidence
    let pool: ComputePool<Void>

    private static let pageLengths = 1...500

    func add(to router: Router<BasicRequestContext>) {
        router.get("/v1/latents") { request, _ in try await list(request) }
        router.get("/v1/latents/{coder}/{latent}") { _, context in
            try await page(coder: context.parameters.get("coder") ?? "", latent: context.parameters.get("latent") ?? "")
        }
    }

    private func list(_ request: Request) async throws -> Response {
        guard let served = state.served else { return Answer.starting }
        let query: (coder: String?, after: LatentKey?, limit: Int)
        do {
            var reader = QueryReader(request)
            query = (
                reader.text("coder"), try reader.latent("after"), try reader.integer("limit", Self.pageLengths) ?? 100
            )
            try reader.finish()
        } catch {
            return Answer.badQuery(error.message)
        }
        if let coder = query.coder, !served.coders.contains(where: { $0.name == coder }) {
            return SheetAnswers.unknown(coder, served.sheets)
        }
        let pages = LatentPages(reader: served.reader, coders: served.coders, latestEvidence: latestEvidence)
        return Answer.json(
            try await pool.run { _ in try pages.list(coder: query.coder, after: query.after, limit: query.limit) })
    }

    private func page(coder name: String, latent text: String) async throws -> Response {
        guard let served = state.served else { return Answer.starting }
        guard let coder = served.coders.first(where: { $0.name == name }) else {
            return SheetAnswers.unknown(name, served.sheets)
        }
        guard let latent = Int(text), (0..<coder.latents).contains(latent) else {
            return SheetAnswers.missing(coder: name, served.sheets)
        }
        let pages = LatentPages(reader: served.reader, coders: served.coders, latestEvidence: latestEvidence)
        return Answer.json(
            try await pool.run { _ in try pages.page(LatentKey(coder: coder.name, latent: latent)) })
    }
}
