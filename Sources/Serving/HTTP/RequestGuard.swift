import Foundation
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
    /// The bearer token of requests that change something; `nil` if there may be none.
    var writeToken: String?

    private static var open: Set<String> { ["/livez", "/readyz"] }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if request.method == .post, let writeToken {
            if let refusal = refusal(of: request, writeToken) { return refusal }
            return try await next(request, context)
        }
        if let token, !Self.open.contains(request.uri.path) {
            guard let given = request.headers[.authorization], Self.isEqual(given, "Bearer \(token)") else {
                return Answer.failure(
                    .unauthorized, code: "unauthorized", "send `Authorization: Bearer` with the token of `http.token`",
                    headers: [.wwwAuthenticate: "Bearer"])
            }
        } else if token == nil, !isOwn(request.head.authority) {
            return misdirected
        }
        guard request.method == .get || request.method == .head else {
            return Answer.failure(
                .methodNotAllowed, code: "method_not_allowed", Self.refusal(of: request.method),
                headers: [.allow: "GET, HEAD"])
        }
        return try await next(request, context)
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
        guard Self.isSameOrigin(request) else {
            return Answer.failure(
                .forbidden, code: "cross_origin", "a page of another origin may not change anything here")
        }
        guard let given = request.headers[.authorization], Self.isEqual(given, "Bearer \(writeToken)") else {
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

    /// Whether a request comes from a program, or from a page of the same origin, as far as its headers tell.
    private static func isSameOrigin(_ request: Request) -> Bool {
        func header(_ name: String) -> String? {
            request.headers.first { $0.name.canonicalName == name }?.value
        }
        if let site = header("sec-fetch-site"), site != "same-origin", site != "none" { return false }
        guard let origin = header("origin") else { return true }
        guard let scheme = origin.range(of: "://"), let authority = request.head.authority else { return false }
        return origin[scheme.upperBound...].lowercased() == authority.lowercased()
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
