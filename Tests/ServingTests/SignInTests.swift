import AsyncHTTPClient
import Foundation
import NIOHTTP1
import Running
import StateFixtures
import Store
import Testing

@testable import Serving

/// Browsers that sign in with the token, over HTTP.
@Suite(.timeLimit(.minutes(5))) struct SignInTests {
    // Whoever follows a redirect does not see where it leads.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
    private static let token = "s3cr&t+ word"
    private static let page = [("Accept", "text/html,application/xhtml+xml")]

    private func send(
        _ method: HTTPMethod, _ path: String, to server: RunningServer, _ headers: [(String, String)] = [],
        form: [(String, String)]? = nil
    ) async throws -> RunningServer.Answer {
        guard let form else { return try await server.send(method, path, headers: headers, by: Self.client) }
        let fields = form.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
        return try await server.send(
            method, path, headers: headers + [("Content-Type", "application/x-www-form-urlencoded")],
            body: fields.joined(separator: "&"), by: Self.client)
    }

    private func signIn(
        _ server: RunningServer, token: String = token, next: String = "/latents?state=scored",
        _ headers: [(String, String)] = []
    ) async throws -> RunningServer.Answer {
        try await send(.POST, "/sign-in", to: server, headers, form: [("token", token), ("next", next)])
    }

    @Test func aBrowserWithoutATokenGetsAPageToSignInAndAProgramGetsJSON() async throws {
        try await RunningServer.with(token: Self.token) { server async throws in
            let page = try await send(.GET, "/latents?state=scored", to: server, Self.page)
            #expect(page.status == 401)
            #expect(page.headers.first(name: "Content-Type")?.hasPrefix("text/html") == true)
            #expect(page.body.contains("<form method=\"post\" action=\"/sign-in\">"))
            #expect(page.body.contains("name=\"next\" value=\"/latents?state=scored\""))
            #expect(!page.body.contains("<script") && !page.body.contains("s3cr"))
            #expect(page.headers.first(name: "Content-Security-Policy")?.contains("form-action 'self'") == true)
            // With `no-referrer` browsers would send `Origin: null` with the form.
            #expect(page.headers["Referrer-Policy"] == ["same-origin"])
            let style = try await send(.GET, "/assets/gloss.css", to: server)
            #expect(style.status == 200)
            let answer = try await send(.GET, "/latents", to: server, [("Accept", "*/*")])
            #expect(answer.status == 401 && answer.body.contains("\"unauthorized\""))
        }
    }

    @Test func theRightTokenGivesACookieThatReadsPagesTheAPIAndEvents() async throws {
        try await RunningServer.with(token: Self.token) { server async throws in
            let reply = try await signIn(server)
            #expect(reply.status == 303 && reply.headers["Location"] == ["/latents?state=scored"])
            let set = try #require(reply.headers.first(name: "Set-Cookie"))
            for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=43200"] {
                #expect(set.contains(part), "\(set)")
            }
            #expect(!set.contains("Secure") && !set.contains("s3cr"))
            let cookie = [("Cookie", "other=1; \(try #require(reply.cookie))")]
            for path in ["/latents", "/v1/latents", "/api/v1/overview", "/metrics"] {
                #expect(try await send(.GET, path, to: server, cookie).status == 200, "\(path)")
                #expect(try await send(.HEAD, path, to: server, cookie).status == 200, "\(path)")
            }
            #expect(try await send(.GET, "/latents", to: server, cookie).body.contains("href=\"/sign-out\""))
            try server.record([Fixture.score(3, 0.5)])
            let events = try await server.events("/v1/events?past=1", headers: cookie) { $0.contains("event: score") }
            #expect(!cursors(in: events).isEmpty)
            // Behind a proxy with TLS, which says so.
            let secure = try await signIn(server, [("X-Forwarded-Proto", "https")])
            #expect(secure.headers.first(name: "Set-Cookie")?.hasSuffix("; Secure") == true)
        }
    }

    @Test func aWrongTokenOrAMadeUpCookieReadsNothing() async throws {
        try await RunningServer.with(token: Self.token) { server async throws in
            let right = try #require(try await signIn(server).cookie)
            for token in ["", "s3cr&t+ wor", "s3cr&t+ wordx"] {
                let wrong = try await signIn(server, token: token)
                #expect(wrong.status == 401 && wrong.cookie == nil)
                #expect(wrong.body.contains("That is not the token"))
                #expect(wrong.body.contains("value=\"/latents?state=scored\""))
            }
            for cookie in [String(right.dropLast()), right + "0", "gloss_session=x", "=", ";;", "x" + right] {
                #expect(try await send(.GET, "/latents", to: server, [("Cookie", cookie)]).status == 401, "\(cookie)")
            }
        }
    }

    /// The browser sends it whoever has it ask, and the token that reads is none that changes anything either.
    @Test func theCookieChangesNothing() async throws {
        let access: @Sendable (String) -> WriteAccess = {
            WriteAccess(token: "writer", directory: $0, reload: { .unchanged }, log: { _ in })
        }
        for writes in [access, { _ in nil }] as [(String) -> WriteAccess?] {
            try await RunningServer.with(token: Self.token, writes: writes) { server async throws in
                let cookie = [("Cookie", try #require(try await signIn(server).cookie))]
                for method in [HTTPMethod.POST, .PUT, .DELETE] {
                    #expect(try await send(method, "/api/v1/reload", to: server, cookie).status == 401)
                }
            }
        }
    }

    @Test func whoSignsOutIsOut() async throws {
        try await RunningServer.with(token: Self.token) { server async throws in
            let cookie = [("Cookie", try #require(try await signIn(server).cookie))]
            let other = [("Cookie", try #require(try await signIn(server).cookie))]
            #expect(try await send(.GET, "/sign-out", to: server, cookie).body.contains("action=\"/sign-out\""))
            #expect(try await send(.GET, "/latents", to: server, cookie).status == 200)
            let out = try await send(.POST, "/sign-out", to: server, cookie)
            #expect(out.status == 303 && out.headers["Location"] == ["/sign-in"])
            #expect(out.headers.first(name: "Set-Cookie")?.contains("; Max-Age=0;") == true)
            #expect(try await send(.GET, "/latents", to: server, cookie).status == 401)
            #expect(try await send(.GET, "/latents", to: server, other).status == 200)
            // A page elsewhere brings no cookie, and must not take one away.
            #expect(try await send(.POST, "/sign-out", to: server).headers["Set-Cookie"].isEmpty)
            // One of the same site brings it, and signs nobody out either.
            for headers in [[("Sec-Fetch-Site", "same-site")], [("Origin", "http://neighbour.example")]] {
                #expect(try await send(.POST, "/sign-out", to: server, other + headers).status == 403, "\(headers)")
            }
            #expect(try await send(.GET, "/latents", to: server, other).status == 200)
        }
    }

    @Test func nobodyIsSentElsewhere() async throws {
        try await RunningServer.with(token: Self.token) { server async throws in
            for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "/\r\nSet-Cookie: a=b"] {
                let reply = try await signIn(server, next: next)
                #expect(reply.status == 303 && reply.headers["Location"] == ["/"], "\(next)")
            }
        }
    }

    @Test func formsOfOtherSitesAreRefused() async throws {
        try await RunningServer.with(token: Self.token) { server async throws in
            let own = String(server.base.dropFirst("http://".count))
            for headers in [
                [("Origin", "https://evil.example")], [("Sec-Fetch-Site", "cross-site")], [("Origin", "null")],
            ] {
                let refused = try await signIn(server, headers)
                #expect(refused.status == 403 && refused.cookie == nil, "\(headers)")
            }
            for headers in [
                [("Origin", "http://\(own)")],
                // A proxy that names another host than the browser asked for.
                [("Origin", "https://gloss.example"), ("Sec-Fetch-Site", "same-origin")],
            ] {
                #expect(try await signIn(server, headers).status == 303, "\(headers)")
            }
        }
    }

    @Test func triesAreBoundedForAllTogether() async throws {
        try await RunningServer.with(token: Self.token) { server async throws in
            var statuses: [Int] = []
            for _ in 0..<40 { statuses.append(try await signIn(server, token: "wrong").status) }
            #expect(statuses.prefix(10).allSatisfy { $0 == 401 })
            #expect(statuses.contains(429) && Set(statuses) == [401, 429])
            // Whoever has the token in a header is not held up.
            let bearer = [("Authorization", "Bearer \(Self.token)")]
            #expect(try await send(.GET, "/latents", to: server, bearer).status == 200)
        }
    }

    @Test func withoutATokenThereIsNothingToSignInTo() async throws {
        try await RunningServer.with { server async throws in
            #expect(try await send(.GET, "/sign-in", to: server).status == 404)
            #expect(try await send(.POST, "/sign-in", to: server, form: [("token", "x")]).status == 405)
            #expect(try await !send(.GET, "/latents", to: server).body.contains("/sign-out"))
        }
    }

    @Test func otherMethodsAndLargeFormsAreRefused() async throws {
        try await RunningServer.with(token: Self.token) { server async throws in
            #expect(try await send(.DELETE, "/sign-in", to: server).status == 405)
            let large = try await signIn(server, token: String(repeating: "a", count: 20_000))
            #expect(large.status == 413)
        }
    }
}

extension RunningServer.Answer {
    /// The name and value of the cookie that is set, as it is sent back.
    fileprivate var cookie: String? {
        headers.first(name: "Set-Cookie")?.split(separator: ";").first.map(String.init)
    }
}
