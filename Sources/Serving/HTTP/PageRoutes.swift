import Dashboard
import Dataflow
import Elements
import HTTPTypes
import Hummingbird
import LatentSheets
import NIOCore
import Reports
import Store

/// The pages of latents, scores, lists, comparisons and failures, and the files that they load.
struct PageRoutes: Sendable {
    let state: ServedState
    let pool: ComputePool<Void>
    let dashboards: ServedDashboard

    private var dashboard: Dashboard { dashboards.now }

    func add(to router: Router<BasicRequestContext>) {
        router.get("/") { _, _ in
            try await page { sheets in dashboard.overview(try sheets.overview()) }
        }
        router.get("/latents") { request, _ in try await latents(request) }
        router.get("/failures") { _, _ in
            try await page { sheets in dashboard.failures(try sheets.failures()) }
        }
        router.get("/l/{coder}/{latent}") { request, context in
            try await latent(
                request, coder: context.parameters.get("coder") ?? "", latent: context.parameters.get("latent") ?? "")
        }
        router.get("/s/{job}") { _, context in
            guard let sheets = state.served?.sheets else { return starting }
            let name = context.parameters.get("job") ?? ""
            guard let sheet = try await ScoreRoutes.sheet(name, sheets, pool) else {
                return missing("No such score", ScoreRoutes.absence(of: name))
            }
            return try await page { _ in dashboard.score(sheet) }
        }
        router.get("/compare") { request, _ in try await compare(request) }
        router.get("/list") { request, _ in try await list(request) }
        router.get("/assets/{name}") { _, context in
            guard let asset = Dashboard.asset(context.parameters.get("name") ?? "") else {
                return missing("No such file", "There is no file of this name.")
            }
            return Response(
                status: .ok, headers: [.contentType: asset.type, .cacheControl: "no-cache"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
        }
    }

    /// A page that is made off the cooperative pool, once there is something to make it of.
    private func page(_ make: @escaping @Sendable (ServedSheets) throws -> String) async throws -> Response {
        guard let sheets = state.served?.sheets else { return starting }
        return PageAnswer.html(try await pool.run { _ in try make(sheets) })
    }

    private func latents(_ request: Request) async throws -> Response {
        guard let served = state.served else { return starting }
        let search = LatentSearch(sheets: served.sheets, meaning: served.meaning, pool: pool)
        do {
            let query = try QueryReader.latents(request)
            let result = try await search.result(of: query)
            return try await page { sheets in
                dashboard.latents(
                    query, result.found, in: result.index, coders: sheets.reader.coders.map(\.identity.name),
                    canSearchByMeaning: search.meaning != nil)
            }
        } catch let fault as QueryReader.Fault {
            return refused("The list cannot be shown", fault)
        }
    }

    private func compare(_ request: Request) async throws -> Response {
        guard let served = state.served else { return starting }
        do {
            let asked = try ComparisonQuery(request)
            let comparisons = try await ScoreRoutes.comparisons(asked, served, pool)
            return try await page { _ in dashboard.compare(asked.nodes, comparisons) }
        } catch let fault as QueryReader.Fault {
            return refused("These cannot be compared", fault)
        } catch let error as ComparisonError {
            return missing("These cannot be compared", error.description)
        }
    }

    private func list(_ request: Request) async throws -> Response {
        guard let served = state.served else { return starting }
        let asked: ListQuery
        do {
            asked = try ListQuery(request)
        } catch {
            return refused("The list cannot be shown", error)
        }
        if let unknown = asked.keys.first(where: {
            SheetAnswers.key(coder: $0.coder, latent: "\($0.latent)", served.sheets) == nil
        }) {
            return missing("No latent \(unknown.written)", served.sheets.latents(of: unknown.coder))
        }
        var readings: [LatentKey: TestedText] = [:]
        if let text = asked.text {
            for key in asked.keys { readings[key] = await ProbeRoute.read(text, for: key, served) }
        }
        let read = readings
        return try await page { sheets in
            let index = try sheets.index()
            return dashboard.list(
                asked.keys.compactMap(index.row(of:)), notes: asked.notes, text: asked.text ?? "", readings: read)
        }
    }

    private func refused(_ title: String, _ fault: QueryReader.Fault) -> Response {
        PageAnswer.html(dashboard.missing(title, fault.message), status: .badRequest)
    }

    private func latent(_ request: Request, coder name: String, latent text: String) async throws -> Response {
        guard let served = state.served else { return starting }
        guard let key = SheetAnswers.key(coder: name, latent: text, served.sheets) else {
            return missing("No such latent", served.sheets.latents(of: name))
        }
        var tested: TestedText?
        if let given = request.uri.queryParameters.get("text"), !given.isEmpty {
            tested = await ProbeRoute.read(String(given), for: key, served)
        }
        var trial: TriedText?
        if let given = request.uri.queryParameters.get("explanation"), !given.isEmpty {
            let text = String(given.prefix(TriedExplanation.longest))
            trial = await TrialRoute.outcome(of: text, for: key, request, served)
        }
        let (reading, tried) = (tested, trial)
        return try await page { sheets in
            guard let sheet = try sheets.reader.sheet(of: key) else {
                return dashboard.missing("No such latent", sheets.latents(of: name))
            }
            return dashboard.latent(sheet, reading: reading, trial: tried)
        }
    }

    private var starting: Response { PageAnswer.starting(dashboard) }

    private func missing(_ title: String, _ reason: String) -> Response {
        PageAnswer.html(dashboard.missing(title, reason), status: .notFound)
    }
}

/// Answers that are pages.
enum PageAnswer {
    /// The page while weights and stored evidence are being read.
    static func starting(_ dashboard: Dashboard) -> Response {
        html(
            dashboard.missing(
                "Starting", "Weights and stored evidence are being read: load this page again in a moment."),
            status: .serviceUnavailable, headers: [.retryAfter: "1"])
    }

    /// A page, with what a browser may do on it.
    static func html(
        _ page: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers[.contentSecurityPolicy] = Dashboard.policy
        headers[.xContentTypeOptions] = "nosniff"
        if let name = HTTPField.Name("Referrer-Policy"), headers[name] == nil { headers[name] = "no-referrer" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
    }
}

/// What is answered where there is nothing: a page to a browser, JSON to everyone else.
struct NotFoundMiddleware<Context: RequestContext>: RouterMiddleware {
    let topology: String
    /// Whether there are results to serve.
    let hasResults: Bool

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let reason =
                hasResults
                ? "There is nothing at \(request.uri.path): docs/http.md lists what is served."
                : "There is nothing at \(request.uri.path): this process reads the corpus and serves its health and "
                    + "metrics only; ask one with --role evidence."
            guard request.isForPage else {
                return Answer.failure(.notFound, code: "unknown_path", reason)
            }
            return PageAnswer.html(
                Dashboard(links: .served, topology: topology).missing("Nothing here", reason), status: .notFound)
        }
    }
}
