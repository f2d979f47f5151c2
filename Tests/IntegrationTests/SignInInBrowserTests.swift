import Foundation
import Testing

/// A real browser that signs in to a daemon with a token, and out again.
@Suite(.timeLimit(.minutes(5))) struct SignInInBrowserTests {
    private static let token = "a+b c&d=%é"

    private func browsing(_ body: (BrowserSession, _ address: String) throws -> Void) throws {
        let (subject, gloss) = (try TinySubject(), GlossProgram(environment: ["GLOSS_TOKEN_OF_TEST": Self.token]))
        defer { withExtendedLifetime(subject) {} }
        let port = try Ports.free()
        let path = try subject.topology(
            "guarded", source: "{ type: file, path: \"\(try subject.corpus(documents: 20))\" }")
        try TinySubject.serve(
            path, http: "{ address: \"127.0.0.1:\(port)\", token: !secret env:GLOSS_TOKEN_OF_TEST }")
        let daemon = try RunningGloss(gloss, ["run", path])
        try #require(daemon.says("listening at http://127.0.0.1:\(port)"))
        try body(try BrowserSession(), "http://127.0.0.1:\(port)")
        daemon.signal(SIGTERM)
        #expect(daemon.end().status == 0)
    }

    private func signIn(_ browser: BrowserSession, with token: String) throws {
        let script = "const e = document.querySelector('#token'); e.value = decodeURIComponent('%'); e.focus();"
        let encoded = token.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        _ = try browser.value(script.replacing("%", with: encoded))
        try browser.follow { try browser.press(.enter) }
    }

    @Test func theTokenGivenOnceOpensThePageThatWasAskedForUntilOneSignsOut() throws {
        try browsing { browser, address in
            try browser.go(address + "/latents?state=scored")
            #expect(try browser.text("document.querySelector('h1').textContent") == "Sign in")
            // It is found without a pointer.
            #expect(try browser.text("document.activeElement.id") == "token")
            try signIn(browser, with: "wrong")
            #expect(try browser.text("document.querySelector('[role=alert]').textContent").contains("not the token"))
            try signIn(browser, with: Self.token)
            #expect(try browser.text("location.pathname + location.search") == "/latents?state=scored")
            // No script can read it.
            #expect(try browser.text("document.cookie") == "")
            let status = try browser.value("fetch('/v1/latents').then((r) => r.status)") as? Int
            #expect(try #require(status) != 401)
            try browser.go(address + "/sign-out")
            try browser.follow { _ = try browser.value("document.querySelector('form button').click()") }
            #expect(try browser.text("location.pathname") == "/sign-in")
            try browser.go(address + "/latents")
            #expect(try browser.text("document.querySelector('h1').textContent") == "Sign in")
            #expect(browser.complaints.filter { $0.contains("Security Policy") } == [])
        }
    }
}
