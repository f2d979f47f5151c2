import HTTPTypes
import Hummingbird
import Topology

/// Accepts requests that name this machine as host or, if a token is set, carry it or the cookie of who has signed in.
///
/// The check of `Host` keeps a web page, whose name was made to resolve to this machine, from reading the daemon's
/// answers. With a token any host may be named, since such a page has no token, and its browser keeps the cookie for the name
/// under which somebody has signed in.
struct RequestGuard<Context: RequestContext>: RouterMiddleware {
    /// The host that the topology names.
    let host: String
    /// The bearer token asked for; `nil` for none.
    let token: String?
    /// The bearer token of requests that change something; `nil` if there may be none.
    var writeToken: String?
    /// Who has signed in; `nil` if nobody can.
    var signIn: SignIn?

    private static var open: Set<String> { ["/livez", "/readyz"] }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if signIn != nil, SignIn.paths.contains(request.uri.path) {
            guard [.get, .head, .post].contains(request.method) else {
                return Answer.failure(
                    .methodNotAllowed, code: "method_not_allowed", "one signs in and out by GET and POST",
                    headers: [.allow: "GET, HEAD, POST"])
            }
            return try await next(request, context)
        }
        if request.method == .post, let writeToken {
            if let refusal = refusal(of: request, writeToken) { return refusal }
            return try await next(request, context)
        }
        if let token, !Self.open.contains(request.uri.path) {
            if !isAdmitted(request, token) { return unauthorized(request) }
        } else if token == nil, !isOwn(request.head.authority) {
            return misdirected
        }
        guard request.isReading else {
            return Answer.failure(
                .methodNotAllowed, code: "method_not_allowed", Self.refusal(of: request.method),
                headers: [.allow: "GET, HEAD"])
        }
        return try await next(request, context)
    }

    /// Whether a request carries the token, or reads with a session.
    private func isAdmitted(_ request: Request, _ token: String) -> Bool {
        if let given = request.headers[.authorization], given.hasPrefix("Bearer ") {
            return ConstantTime.isEqual(given, "Bearer \(token)")
        }
        // A cookie is sent by the browser, whoever had it ask: it may read, and change nothing.
        guard let signIn, request.isReading else { return false }
        return SignIn.assets.contains(request.uri.path) || signIn.admits(request)
    }

    /// The answer to a request without the token: to a browser the page to sign in.
    private func unauthorized(_ request: Request) -> Response {
        if signIn != nil, request.isForPage, request.isReading {
            return SignInRoutes.page(
                returningTo: ReturnPath.local(request.head.path), status: .unauthorized,
                headers: [.wwwAuthenticate: "Bearer"])
        }
        return Answer.failure(
            .unauthorized, code: "unauthorized", "send `Authorization: Bearer` with the token of `http.token`",
            headers: [.wwwAuthenticate: "Bearer"])
    }

    /// The names by which a request may ask, each once.
    private var ownNames: String {
        let others = ["localhost", "127.0.0.1"].filter { $0 != host.lowercased() }
        return ([host] + others.dropLast()).joined(separator: ", ") + " or " + (others.last ?? "")
    }

    /// Why a method is not served.
    private static func refusal(of method: HTTPRequest.Method) -> String {
        guard method == .post else { return "only GET is served here" }
        return "only GET is served here: to have requests that change something, give `http` of the topology a "
            + "`write_token: !secret env:NAME`"
    }

    /// Why a request may not change anything; `nil` if it may.
    ///
    /// The token is asked for on this machine too, and a page of another origin has no business here even with it.
    private func refusal(of request: Request, _ writeToken: String) -> Response? {
        if token == nil, !isOwn(request.head.authority) { return misdirected }
        guard request.isOfSameOrigin else {
            return Answer.failure(
                .forbidden, code: "cross_origin", "a page of another origin may not change anything here")
        }
        guard let given = request.headers[.authorization], ConstantTime.isEqual(given, "Bearer \(writeToken)") else {
            return Answer.failure(
                .unauthorized, code: "unauthorized",
                "send `Authorization: Bearer` with the token of `http.write_token`",
                headers: [.wwwAuthenticate: "Bearer"])
        }
        return nil
    }

    /// The answer to a request that names another host.
    private var misdirected: Response {
        Answer.failure(
            HTTPResponse.Status(code: 421, reasonPhrase: "Misdirected Request"), code: "wrong_host",
            "the request's Host must be \(ownNames)")
    }

    /// Whether an authority, `host` or `host:port`, is a name of this machine; with user information it never is.
    func isOwn(_ authority: String?) -> Bool {
        guard let authority else { return false }
        var name = Substring(authority)
        if let colon = name.lastIndex(of: ":"), !name.hasSuffix("]") {
            guard name[name.index(after: colon)...].utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
            else { return false }
            name = name[..<colon]
        }
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        return HTTPSettings.isLoopback(String(name)) || name.lowercased() == host.lowercased()
    }
}
