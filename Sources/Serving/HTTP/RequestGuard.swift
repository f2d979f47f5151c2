import HTTPTypes
import Hummingbird
import Topology

/// Accepts requests that name this machine as host and, if a token is set, carry it.
///
/// The check of `Host` keeps a web page, whose name was made to resolve to this machine, from reading the daemon's
/// answers.
struct RequestGuard<Context: RequestContext>: RouterMiddleware {
    /// The host that the topology names.
    let host: String
    /// The bearer token asked for; `nil` for none.
    let token: String?

    private static var open: Set<String> { ["/livez", "/readyz"] }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if let token, !Self.open.contains(request.uri.path) {
            guard let given = request.headers[.authorization], Self.isEqual(given, "Bearer \(token)") else {
                return Answer.failure(
                    .unauthorized, code: "unauthorized", "send `Authorization: Bearer` with the token of `http.token`",
                    headers: [.wwwAuthenticate: "Bearer"])
            }
        } else if token == nil, !isOwn(request.head.authority) {
            return Answer.failure(
                HTTPResponse.Status(code: 421, reasonPhrase: "Misdirected Request"), code: "wrong_host",
                "the request's Host must be \(ownNames)")
        }
        guard request.method == .get || request.method == .head else {
            return Answer.failure(
                .methodNotAllowed, code: "method_not_allowed", "only GET is served here", headers: [.allow: "GET, HEAD"]
            )
        }
        return try await next(request, context)
    }

    /// The names by which a request may ask, each once.
    private var ownNames: String {
        let others = ["localhost", "127.0.0.1"].filter { $0 != host.lowercased() }
        return ([host] + others.dropLast()).joined(separator: ", ") + " or " + (others.last ?? "")
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

    /// Whether two texts are equal, in a time that does not depend on the place of the first difference.
    private static func isEqual(_ given: String, _ wanted: String) -> Bool {
        let (given, wanted) = (Array(given.utf8), Array(wanted.utf8))
        var difference: UInt8 = given.count == wanted.count ? 0 : 1
        for (index, byte) in wanted.enumerated() where index < given.count { difference |= byte ^ given[index] }
        return difference == 0
    }
}
