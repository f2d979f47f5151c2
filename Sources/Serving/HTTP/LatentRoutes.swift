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
        let query = request.uri.queryParameters
        for (name, _) in query where !["coder", "after", "limit"].contains(String(name)) {
            return Answer.badQuery("`\(name)` is not known here: there are `coder`, `after` and `limit`")
        }
        let coder = query.get("coder")
        if let coder, !served.coders.contains(where: { $0.name == coder }) {
            return SheetAnswers.unknown(coder, served.sheets)
        }
        var limit = 100
        if let text = query.get("limit") {
            guard let number = Int(text), Self.pageLengths.contains(number) else {
                return Answer.badQuery("`limit` must be a number from 1 to \(Self.pageLengths.upperBound)")
            }
            limit = number
        }
        var last: LatentKey?
        if let text = query.get("after") {
            guard let key = LatentKey(text) else {
                return Answer.badQuery("`after` must be a coder and a latent such as `codes/17`")
            }
            last = key
        }
        let pages = LatentPages(reader: served.reader, coders: served.coders, latestEvidence: latestEvidence)
        let (after, length) = (last, limit)
        return Answer.json(
            try await pool.run { _ in try pages.list(coder: coder, after: after, limit: length) })
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

extension LatentKey {
    /// Reads `coder/latent`.
    fileprivate init?(_ text: String) {
        guard let slash = text.lastIndex(of: "/"), let latent = Int(text[text.index(after: slash)...]) else {
            return nil
        }
        self.init(coder: String(text[..<slash]), latent: latent)
    }
}
