import Elements
import Foundation
import RuleJudgeServer
import Store
import Testing

/// What persons ask a daemon for on its pages, in a real browser.
@Suite(.timeLimit(.minutes(5))) struct AskingInBrowserTests {
    /// A latent that both an explainer and a judge find something of, and another one that is explained.
    private func latents(of subject: TinySubject, _ source: String) throws -> (asked: Int, other: Int) {
        let path = try subject.topology("known", source: source)
        let outcome = try GlossProgram().run(["run", path, "--until-drained", "--quiet"])
        try #require(outcome.status == 0, "\(outcome.errors)")
        let reader = try Store.reader(directory: subject.state("known"))
        let score = try reader.scores(of: "detected").first { $0.control == nil && $0.headline != nil }
        let asked = try #require(score?.latent)
        let other = try reader.explanations(of: "lexical").first { $0.latent != asked }
        return (asked, try #require(other?.latent))
    }

    /// A topology in which nothing is said of a latent until somebody asks, and in which labels are judged.
    private func topology(of subject: TinySubject, _ source: String, explaining latent: Int) throws -> String {
        let path = try subject.topology("asked", source: source)
        let nodes = """
            people:   { type: explain,   inputs: [evidence], explainer: written }
              judged:   { type: score,     inputs: [people], method: detection, model: judge, examples: 4 }
            """
        try String(contentsOfFile: path, encoding: .utf8)
            .replacing("explainer: lexical,", with: "explainer: lexical, latents: [\(latent)],")
            .replacing("  executed: {", with: "  \(nodes)\n  executed: {")
            .write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func byKeysAloneALatentIsLabelledScoredExplainedAndPinned() throws {
        let subject = try TinySubject()
        defer { withExtendedLifetime(subject) {} }
        let source = "{ type: file, path: \"\(try subject.corpus(documents: 120))\" }"
        let (latent, other) = try latents(of: subject, source)
        let path = try topology(of: subject, source, explaining: other)
        let page = "/l/codes/\(latent)"
        // A word that is wider than a small screen, and signs that a page must not take for its own.
        let label = "rivers & <b>stones</b> " + String(repeating: "x", count: 60)
        try SignedInVisit.during(path, takesChanges: true, refusals: [401, 409]) { visit in
            let browser = visit.browser
            // Told once all is read: evidence grows no more, so that what is asked for below comes to one thing only.
            try visit.waitForResult("explanation", by: "lexical", of: other)
            // Neither the session suffices to change something nor the token that it was begun with.
            try browser.go(visit.address + page)
            #expect(try browser.value("document.querySelectorAll('article.label').length") as? Int == 0)
            #expect(try visit.statuses(headers: "{}") == [401, 401, 401, 401, 401, 401])
            let reading = "{ Authorization: 'Bearer \(SignedInVisit.token)' }"
            #expect(try visit.statuses(headers: reading) == [401, 401, 401, 401, 401, 401])
            let refused = try visit.ask(page, at: "e.matches('[data-post$=rescore]')", token: "wrong")
            #expect(refused.hasPrefix("refused: ") && refused.contains("`http.write_token`"))

            let field = "e.matches('#changes form input')"
            let taken = try visit.ask(page, at: field, token: SignedInVisit.writeToken, words: label)
            #expect(taken.hasPrefix("taken: people does it within seconds"))
            try visit.waitForResult("explanation", by: "people", of: latent)
            try visit.waitForResult("score", by: "judged", of: latent)
            try browser.go(visit.address + page)
            let article = "document.querySelector('article[data-node=people]')"
            #expect(try browser.text("\(article).querySelector('h2').firstChild.data") == label)
            #expect(try browser.text("\(article).querySelector('.tag').textContent") == "given by a person")
            #expect(try browser.value("\(article).querySelector('tr[data-node=judged]') !== null") as? Bool == true)
            // The tab alone keeps the token.
            let kept = try browser.text("document.querySelector('#changes [name=token]').value")
            #expect(kept == SignedInVisit.writeToken)
            #expect(try browser.value("localStorage.length") as? Int == 0)
            #expect(try browser.text("document.cookie") == "")

            // There is no evidence that the label was not scored on.
            let rescored = try visit.ask(page, at: "e.matches('[data-post$=rescore]')")
            #expect(rescored.hasPrefix("taken: judged does it within seconds"))
            #expect(visit.daemon.says("(rescore of codes/\(latent) at judged) came to nothing"))

            let explained = try visit.ask(page, at: "e.matches('[data-post$=explain]')")
            #expect(explained.hasPrefix("taken: lexical does it within seconds"))
            try visit.waitForResult("explanation", by: "lexical", of: latent)

            let pin = "e.matches('[data-post$=pin]') && e.parentElement.textContent.includes('people:')"
            #expect(try visit.ask(page, at: pin).hasPrefix("taken: people does it within seconds"))
            try visit.reload(
                page, until: "[...\(article).querySelectorAll('.tag')].some((e) => e.textContent === 'pinned')")
            #expect(
                try browser.value("[...document.querySelectorAll('[data-post$=pin]')].map((e) => e.textContent)")
                    as? [String] == ["Unpin", "Pin"])
            #expect(try visit.ask(page, at: field, words: "other words").contains("unpin it first"))

            try visit.examine(page, as: "asking-latent")
        }
        let reader = try Store.reader(directory: subject.state("asked"))
        let labels = try reader.explanations(of: "people")
        #expect(labels.map(\.text) == [label] && labels.map(\.latent) == [latent])
        #expect(try reader.latentRequests().isEmpty)
    }

    @Test func whatFailedIsTriedAgainFromThePageOfFailures() async throws {
        let server = try await RuleJudgeServer.start()
        server.expect(then: .answers(400, body: "no such model"))
        let subject = try TinySubject()
        defer { withExtendedLifetime(subject) {} }
        let path = try subject.endpointTopology(
            "failing", corpus: subject.corpus(documents: 60), port: server.port)
        try SignedInVisit.during(path, takesChanges: true, refusals: [401]) { visit in
            for node in ["prose", "detected"] { try visit.waitForResult("failure", by: node) }
            try visit.examine("/failures", as: "asking-failures")
            server.expect(then: .judges())
            let answer = try visit.ask(
                "/failures", at: "e.textContent === 'Try all again'", token: SignedInVisit.writeToken)
            #expect(answer.hasSuffix(" jobs are tried again within seconds") && !answer.hasPrefix("0 "))
            try visit.waitForResult("explanation", by: "prose")
            try visit.waitForResult("score", by: "detected")
            try visit.reload("/failures", until: "document.body.textContent.includes('No job was given up.')")
            // Nothing is left that could be tried again.
            #expect(try visit.browser.value("document.getElementById('changes') === null") as? Bool == true)
        }
        await server.stop()
    }

    /// The latents whose box does not stand on the line of their name.
    private static let strayBoxes = """
        [...document.querySelectorAll('form.marking tbody tr')].filter((row) => {
          const [box, name] = ['input', 'a'].map((e) => row.querySelector(e).getBoundingClientRect());
          return box.right > name.left || box.bottom <= name.top || name.bottom <= box.top;
        }).map((row) => row.dataset.latent)
        """

    @Test func withoutATokenForItNothingIsOfferedAndNothingTaken() throws {
        let subject = try TinySubject()
        defer { withExtendedLifetime(subject) {} }
        let path = try subject.topology(
            "read", source: "{ type: file, path: \"\(try subject.corpus(documents: 20))\" }")
        try SignedInVisit.during(path, takesChanges: false, refusals: [401, 405]) { visit in
            let browser = visit.browser
            try visit.waitForResult("score", by: "executed")
            for page in ["/l/codes/0", "/latents", "/failures"] {
                try browser.go(visit.address + page)
                let offers = "document.querySelectorAll('#changes, [data-post], form[method=post]').length"
                #expect(try browser.value(offers) as? Int == 0, "\(page)")
            }
            #expect(try visit.statuses(headers: "{}") == [401, 401, 401, 401, 401, 401])
            let reading = "{ Authorization: 'Bearer \(SignedInVisit.token)' }"
            #expect(try visit.statuses(headers: reading) == [405, 405, 405, 405, 405, 405])

            try visit.examine("/latents", as: "asking-latents")
            for width in [1280, 390] {
                try browser.look(width: width, isDark: false)
                try browser.go(visit.address + "/latents")
                #expect(try browser.value(Self.strayBoxes) as? [String] == [], "\(width)")
                let boxes = "document.querySelectorAll('form.marking tbody input').length"
                #expect(try browser.value(boxes) as? Int == 100)
            }
        }
    }
}
