import Foundation
import LatentSheets
import Serving
import TestSupport
import Testing

/// Pages in a real browser: by keys alone, as those see them who cannot tell colours, and beside what the API says.
@Suite(.timeLimit(.minutes(5))) struct PagesInBrowserTests {
    private let gloss = GlossProgram()
    private let subject: TinySubject
    private let state: String

    init() throws {
        subject = try TinySubject()
        let source = "{ type: file, path: \"\(try subject.corpus(documents: 120))\" }"
        let topology = try subject.topology("browsed", source: source)
        state = subject.state("browsed")
        let outcome = try gloss.run(["run", topology, "--until-drained", "--quiet"])
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    /// Serves the state, and opens a browser.
    private func browsing(_ body: (BrowserSession, _ address: String) throws -> Void) throws {
        let (serving, address) = try gloss.serve(state)
        let browser = try BrowserSession()
        try body(browser, address)
        #expect(browser.complaints == [])
        serving.signal(SIGTERM)
        #expect(serving.end().status == 0)
    }

    @Test func byKeysAloneOneGoesFromTheListToALatentToItsScoreAndBack() throws {
        try browsing { browser, address in
            try browser.go(address + "/latents?state=scored&scorer=execution&sort=score&desc=1")
            try browser.tab(until: "e.matches('tbody a')")
            let name = try browser.text("document.activeElement.textContent")
            #expect(try browser.value(PageExamination.focus) as? Bool == true)
            try browser.follow { try browser.press(.enter) }
            #expect(try browser.text("location.pathname") == "/l/\(name)")
            #expect(try browser.value(PageExamination.numbers) as? [String] == [])
            try browser.tab(until: "e.matches('table.scores a')")
            #expect(try browser.value(PageExamination.focus) as? Bool == true)
            try browser.follow { try browser.press(.enter) }
            #expect(try browser.text("location.pathname").hasPrefix("/s/"))
            #expect(try browser.text("document.querySelector('h1').textContent") == "execution of \(name)")
            try browser.follow { try browser.type("u") }
            #expect(try browser.text("location.pathname") == "/l/\(name)")
            let number = try #require(Int(name.split(separator: "/").last ?? ""))
            try browser.follow { try browser.press(number > 0 ? .left : .right) }
            #expect(try browser.text("location.pathname") == "/l/codes/\(number > 0 ? number - 1 : number + 1)")
            try browser.type("/")
            #expect(try browser.text("document.activeElement.id") == "search")
        }
    }

    @Test func latentsThatAreMarkedBecomeAListThatReadsATextForEach() throws {
        try browsing { browser, address in
            try browser.go(address + "/latents?state=scored")
            _ = try browser.value(
                "[...document.querySelectorAll('tbody input')].slice(0, 2).forEach((e) => { e.checked = true; })")
            try browser.tab(until: "e.matches('form.marking > button')", atMost: 400)
            try browser.follow { try browser.press(.enter) }
            #expect(try browser.text("document.querySelector('h1').textContent") == "List of 2 latents")
            _ = try browser.value("document.querySelector('#test input[name=text]').value = 'The river breaks'")
            try browser.tab(until: "e.matches('#test button')")
            try browser.follow { try browser.press(.enter) }
            #expect(try browser.value("document.querySelectorAll('.tested').length") as? Int == 2)
            #expect(try browser.text("location.search").contains("text=The+river+breaks"))
        }
    }

    @Test func everyPageHasNamesAndContrastInLightAndDarkOnSmallAndLargeScreens() throws {
        try browsing { browser, address in
            try browser.go(address + "/latents?state=scored&scorer=execution&sort=score&desc=1&limit=1")
            let latent = try browser.text("document.querySelector('tbody a').getAttribute('href')")
            try browser.go(address + latent)
            let score = try browser.text("document.querySelector('table.scores a').getAttribute('href')")
            let pages = [
                "/", "/latents", "/failures", "/compare", "/list?id=\(latent.dropFirst(3))&text=The%20river", latent,
                score,
            ]
            for (place, page) in pages.enumerated() {
                try browser.examine(address + page, as: "\(place)")
            }
        }
    }
}
