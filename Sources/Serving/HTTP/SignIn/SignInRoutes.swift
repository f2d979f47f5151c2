import Dashboard
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// `/sign-in` and `/sign-out`; `RequestGuard` lets them through without a token.
struct SignInRoutes: Sendable {
    let signIn: SignIn

    func add(to router: Router<BasicRequestContext>) {
        router.get("/sign-in") { request, _ in
            Self.page(returningTo: ReturnPath.local(request.uri.queryParameters.get("next")), status: .ok)
        }
        router.post("/sign-in") { request, _ in await take(request) }
        router.get("/sign-out") { request, _ in
            Self.answer(Dashboard.signOut(isSignedIn: signIn.admits(request)), status: .ok)
        }
        router.post("/sign-out") { request, _ in leave(request) }
    }

    /// The page that asks for the token.
    static func page(
        returningTo path: String, status: HTTPResponse.Status, fault: String? = nil, headers: HTTPFields = [:]
    ) -> Response {
        answer(Dashboard.signIn(returningTo: path, fault: fault), status: status, headers: headers)
    }

    /// A page whose form tells where it comes from, which browsers leave out if the page allows no referrer.
    private static func answer(
        _ page: String, status: HTTPResponse.Status, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "same-origin" }
        return PageAnswer.html(page, status: status, headers: headers)
    }

    private func take(_ request: Request) async -> Response {
        guard request.isOfSameOrigin else {
            return Answer.failure(.forbidden, code: "cross_origin", "a page of another origin may not sign in here")
        }
        guard let body = await RequestBody.bytes(of: request) else {
            return Answer.failure(
                .contentTooLarge, code: "too_large", "a form may have \(RequestBody.largest) bytes")
        }
        let fields = FormFields(body)
        let path = ReturnPath.local(fields["next"])
        switch signIn.tried(fields["token"] ?? "") {
        case .begun(let session):
            return Self.redirect(to: path, setting: signIn.cookie.setting(session, for: request))
        case .wrong:
            return Self.page(
                returningTo: path, status: .unauthorized, fault: "That is not the token of `http.token`.",
                headers: [.wwwAuthenticate: "Bearer"])
        case .tooMany:
            return Self.page(
                returningTo: path, status: .tooManyRequests,
                fault: "Too many have tried in the last seconds: wait a few seconds, then try again.",
                headers: [.retryAfter: "5"])
        }
    }

    private func leave(_ request: Request) -> Response {
        // A page elsewhere must not sign anybody out: requests of another site bring no cookie, but those of a neighbour do.
        guard request.isOfSameOrigin else {
            return Answer.failure(.forbidden, code: "cross_origin", "a page of another origin may not sign out here")
        }
        guard signIn.admits(request) else { return Self.redirect(to: "/sign-in", setting: nil) }
        signIn.end(request)
        return Self.redirect(to: "/sign-in", setting: signIn.cookie.clearing(for: request))
    }

    private static func redirect(to path: String, setting cookie: String?) -> Response {
        var headers: HTTPFields = [.location: path, .cacheControl: "no-store"]
        if let cookie { headers[.setCookie] = cookie }
        return Response(status: .seeOther, headers: headers)
    }
}
