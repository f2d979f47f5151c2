import Dataflow
import Elements
import Hummingbird
import LatentSheets
import Store

/// `/api/v1/overview`, `/api/v1/latents` and `/api/v1/latents/{coder}/{latent}`.
struct SheetRoutes: Sendable {
    let state: ServedState
    let pool: ComputePool<Void>

    private struct List: Encodable {
        let v = LatentSheet.version
        let total: Int
        let found: Int
        let offset: Int
        let latents: [LatentRow]
    }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/v1/overview") { _, _ in
            guard let sheets = state.served?.sheets else { return Answer.starting }
            return Answer.json(try await pool.run { _ in try SheetJSON.text(try sheets.overview()) })
        }
        router.get("/api/v1/latents") { request, _ in try await list(request) }
        router.get("/api/v1/latents/{coder}/{latent}") { request, context in
            try await sheet(
                request, coder: context.parameters.get("coder") ?? "", latent: context.parameters.get("latent") ?? "")
        }
    }

    private func list(_ request: Request) async throws -> Response {
        guard let served = state.served else { return Answer.starting }
        let sheets = served.sheets
        do {
            let query = try QueryReader.latents(request)
            if let coder = query.coder, sheets.reader.coder(coder) == nil { return SheetAnswers.unknown(coder, sheets) }
            let found = try await LatentSearch(sheets: sheets, meaning: served.meaning, pool: pool).result(of: query)
                .found
            return Answer.json(
                try await pool.run { _ in
                    try SheetJSON.text(
                        List(
                            total: found.total, found: found.count, offset: query.offset,
                            latents: try sheets.reader.filled(found.rows)))
                })
        } catch let fault as QueryReader.Fault {
            return Answer.badQuery(fault.message)
        }
    }

    private func sheet(_ request: Request, coder name: String, latent text: String) async throws -> Response {
        guard let sheets = state.served?.sheets else { return Answer.starting }
        var counts = ExampleCounts()
        do {
            var reader = QueryReader(request)
            if let count = try reader.integer("examples", 1...100) { counts = .each(count) }
            try reader.finish()
        } catch {
            return Answer.badQuery(error.message)
        }
        guard let key = SheetAnswers.key(coder: name, latent: text, sheets) else {
            return SheetAnswers.missing(coder: name, sheets)
        }
        let chosen = counts
        return Answer.json(
            try await pool.run { _ in try SheetJSON.text(try sheets.reader.sheet(of: key, counts: chosen)) })
    }
}

/// What is answered about coders and latents that are not there.
enum SheetAnswers {
    /// The latent of a path; `nil` if there is none.
    static func key(coder name: String, latent text: String, _ sheets: ServedSheets) -> LatentKey? {
        guard let coder = sheets.reader.coder(name)?.identity, let latent = Int(text),
            (0..<coder.latents).contains(latent)
        else { return nil }
        return LatentKey(coder: coder.name, latent: latent)
    }

    /// That there is no such coder, or no such latent of it.
    static func missing(coder name: String, _ sheets: ServedSheets) -> Response {
        guard sheets.reader.coder(name) != nil else { return unknown(name, sheets) }
        return Answer.failure(.notFound, code: "unknown_latent", sheets.latents(of: name))
    }

    /// That there is no such coder.
    static func unknown(_ coder: String, _ sheets: ServedSheets) -> Response {
        Answer.failure(.notFound, code: "unknown_coder", sheets.latents(of: coder))
    }
}
