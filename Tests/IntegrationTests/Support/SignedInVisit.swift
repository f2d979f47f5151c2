import Foundation
import Testing

/// A daemon that asks for tokens, and a real browser that has signed in to it.
struct SignedInVisit {
    /// What whoever reads signs in with.
    static let token = "read-7f3a"
    /// What whoever changes something types.
    static let writeToken = "write-91bc"

    let browser: BrowserSession
    let daemon: RunningGloss
    /// Where the daemon serves, without a slash at the end.
    let address: String

    /// Each load takes some tens of milliseconds, and a daemon looks for requests every two seconds.
    private static let mostLoads = 2000

    /// Runs a daemon on a topology until `body` is done.
    ///
    /// - Parameters:
    ///   - takesChanges: Whether there is a token for who changes something.
    ///   - refusals: The statuses of answers that the browser complains of and should.
    static func during(
        _ topology: String, takesChanges: Bool, refusals: [Int], _ body: (SignedInVisit) throws -> Void
    ) throws {
        let port = try Ports.free()
        let write = takesChanges ? ", write_token: !secret env:GLOSS_WRITE_TOKEN_OF_TEST" : ""
        try TinySubject.serve(
            topology, http: "{ address: \"127.0.0.1:\(port)\", token: !secret env:GLOSS_TOKEN_OF_TEST\(write) }")
        let gloss = GlossProgram(
            environment: ["GLOSS_TOKEN_OF_TEST": token, "GLOSS_WRITE_TOKEN_OF_TEST": writeToken])
        let daemon = try RunningGloss(gloss, ["run", topology])
        // Before that pages say that it is starting.
        try #require(daemon.says("read to its end"), "\(daemon.end().errors)")
        let visit = SignedInVisit(browser: try BrowserSession(), daemon: daemon, address: "http://127.0.0.1:\(port)")
        try visit.signIn()
        try body(visit)
        let expected = refusals.map { "the server responded with a status of \($0)" }
        let complaints = visit.browser.complaints.filter { complaint in
            !expected.contains { complaint.contains($0) }
        }
        #expect(complaints == [])
        daemon.signal(SIGTERM)
        #expect(daemon.end().status == 0)
    }

    private func signIn() throws {
        try browser.go(address + "/failures")
        _ = try browser.value("document.querySelector('#token').focus()")
        try type(Self.token)
        try browser.follow { try browser.press(.enter) }
        try #require(try browser.text("document.querySelector('h1').textContent") == "Failures")
    }

    // MARK: By keys

    /// Loads a page, opens what it offers to change, and presses Enter where a condition about the focus (`e`) holds.
    ///
    /// - Parameters:
    ///   - token: What is typed as the token first; `nil` leaves what the tab has kept.
    ///   - words: What is typed there before Enter.
    /// - Returns: What the page says then.
    func ask(_ page: String, at condition: String, token: String? = nil, words: String = "") throws -> String {
        try browser.go(address + page)
        try reach("e.matches('#changes > summary')")
        try browser.press(.enter)
        if let token {
            // Reached by Tab, what is in the field is marked, so that typing replaces it.
            try reach("e.matches('#changes [name=token]')")
            try type(token)
        }
        try reach(condition)
        try type(words)
        try browser.press(.enter)
        return try browser.text(Self.answer)
    }

    private func reach(_ condition: String) throws {
        try browser.tab(until: condition, atMost: 400)
        #expect(try browser.value(PageExamination.focus) as? Bool == true, "\(condition)")
    }

    private func type(_ text: String) throws { for letter in text { try browser.type(letter) } }

    /// What the page says of a request, once that is answered.
    private static let answer = """
        new Promise((done) => {
          const place = document.querySelector('[data-answer]');
          const look = () => { if (!['', 'asking…'].includes(place.textContent)) done(place.textContent); };
          new MutationObserver(look).observe(place, { childList: true });
          look();
        })
        """

    // MARK: What comes of it

    /// Waits until the daemon has told of a result of a type by a node, now or before.
    func waitForResult(_ type: String, by node: String, of latent: Int? = nil) throws {
        let filter = latent.map { "&latent=\($0)" } ?? ""
        _ = try browser.value(
            """
            new Promise((done, failed) => {
              const source = new EventSource('/v1/events?type=\(type)&cursor=0\(filter)');
              source.addEventListener('\(type)', (event) => {
                if (JSON.parse(event.data).node !== '\(node)') return;
                source.close();
                done(true);
              });
              source.addEventListener('error', () => {
                source.close();
                failed(new Error('the events ended'));
              });
            })
            """)
    }

    /// Loads a page again and again until a condition holds on it.
    func reload(_ page: String, until condition: String) throws {
        for _ in 0..<Self.mostLoads {
            try browser.go(address + page)
            if try browser.value("Boolean(\(condition))") as? Bool == true { return }
        }
        throw BrowserSession.Failure(description: "\(page) never had \(condition)")
    }

    /// The statuses of answers to requests that change something.
    ///
    /// - Parameter headers: Their header fields, an object of JavaScript.
    func statuses(headers: String) throws -> [Int] {
        let value = try browser.value(
            """
            Promise.all(['explain', 'rescore', 'label', 'pin', 'retry', 'reload'].map((name) =>
              fetch('/api/v1/' + name, { method: 'POST', headers: \(headers), body: '{}' })
                .then((reply) => reply.status)))
            """)
        return try #require(value as? [Int])
    }

    /// Looks at a page with all that it offers to change, in the light and the dark, on a large screen and on a small one.
    ///
    /// - Parameter name: The beginning of the names of its pictures, where some are wanted.
    func examine(_ page: String, as name: String) throws {
        try browser.examine(
            address + page, as: name, after: "document.querySelectorAll('#changes').forEach((e) => { e.open = true; })")
        try browser.look(width: 1280, isDark: false)
    }
}
