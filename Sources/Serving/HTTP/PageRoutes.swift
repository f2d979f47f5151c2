import Dashboard
import Dataflow
import Elements
import HTTPTypes
import Hummingbird
import LatentSheets
import NIOCore
import Observability
import Store

/// The pages: `/`, `/latents`, `/l/{coder}/{latent}`, `/failures` and the files that they load.
struct PageRoutes: Sendable {
    let state: ServedState
    let pool: ComputePool<Void>
    /// The name of the topology.
    let topology: String
    let configuration: RunningConfiguration

    private var dashboard: Dashboard {
        Dashboard(
            links: .served, topology: topology, isChangedOnDisk: configuration.reading.isInSync == false)
    }

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
        let query: LatentQuery
        do {
            query = try QueryReader.latents(request)
        } catch {
            return PageAnswer.html(
                dashboard.missing("The list cannot be shown", error.message), status: .badRequest)
        }
        return try await page { sheets in
            let index = try sheets.index()
            return dashboard.latents(
                query, query.found(in: index), in: index, coders: sheets.reader.coders.map(\.identity.name))
        }
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
        let reading = tested
        return try await page { sheets in
            guard let sheet = try sheets.reader.sheet(of: key) else {
                return dashboard.missing("No such latent", sheets.latents(of: name))
            }
            return dashboard.latent(sheet, reading: reading)
        }
    }

    private var starting: Response {
        PageAnswer.html(
            dashboard.missing(
                "Starting", "Weights and stored evidence are being read: load this page again in a moment."),
            status: .serviceUnavailable, headers: [.retryAfter: "1"])
    }

    private func missing(_ title: String, _ reason: String) -> Response {
        PageAnswer.html(dashboard.missing(title, reason), status: .notFound)
    }
}

/// Answers that are pages.
enum PageAnswer {
    /// A page, with what a browser may do on it.
    static func html(
        _ page: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers[.contentSecurityPolicy] = Dashboard.policy
        headers[.xContentTypeOptions] = "nosniff"
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "no-referrer" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
    }
}

/// What is answered where there is nothing: a page to a browser, JSON to everyone else.
struct NotFoundMiddleware<Context: RequestContext>: RouterMiddleware {
    let topology: String

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let reason = "There is nothing at \(request.uri.path): docs/http.md lists what is served."
            guard request.headers[.accept]?.contains("text/html") == true else {
                return Answer.failure(.notFound, code: "unknown_path", reason)
            }
            return PageAnswer.html(
                Dashboard(links: .served, topology: topology).missing("Nothing here", reason), status: .notFound)
        }
    }
}
