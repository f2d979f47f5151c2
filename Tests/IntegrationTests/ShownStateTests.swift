import AsyncHTTPClient
import Foundation
import LatentSheets
import NIOCore
import Serving
import TestSupport
import Testing

/// A state as people look at it: in a terminal, over HTTP, in files and in a browser.
@Suite(.timeLimit(.minutes(5))) struct ShownStateTests {
    private let gloss = GlossProgram()
    private let subject: TinySubject
    private let state: String

    init() throws {
        subject = try TinySubject()
        let source = "{ type: file, path: \"\(try subject.corpus(documents: 120))\" }"
        let topology = try subject.topology("shown", source: source)
        state = subject.state("shown")
        let outcome = try gloss.run(["run", topology, "--until-drained", "--quiet"])
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    /// A latent that has an explanation and a score.
    private func scoredLatent(at address: String) async throws -> LatentRow {
        struct List: Decodable { let latents: [LatentRow] }
        let bytes = try await bytes(address + "/api/v1/latents?state=scored&scorer=execution&sort=score&desc=1&limit=1")
        return try #require(try SheetJSON.value(List.self, from: bytes).latents.first)
    }

    private func bytes(_ address: String) async throws -> [UInt8] {
        let response = try await HTTPClient.shared.get(url: address).get()
        return Array(buffer: try #require(response.body))
    }

    @Test func terminalServerFilesAndBrowserShowTheSame() async throws {
        let (serving, address) = try gloss.serve(state)
        let row = try await scoredLatent(at: address)
        let label = try #require(row.label)

        // The terminal, from the directory and from the server.
        let printed = try gloss.run(["show", state, row.name])
        #expect(printed.status == 0 && printed.errors.isEmpty, "\(printed.errors)")
        let figure = try #require(row.score(by: "execution")).text
        #expect(printed.output.contains("✓ scored") && printed.output.contains(figure))
        #expect(!printed.output.contains("\u{1B}"))
        let direct = try gloss.run(["show", state, row.name, "--json"])
        let served = try gloss.run(["show", address, row.name, "--json"])
        let sheet = try SheetJSON.value(LatentSheet.self, from: direct.output.utf8)
        #expect(try SheetJSON.value(LatentSheet.self, from: served.output.utf8) == sheet)
        #expect(sheet.examples.contains { $0.kind == .top } && sheet.provenance.contains { $0.name == "subject" })
        // By the hookpoint, as `gloss tail` prints it.
        let byHookpoint = try gloss.run(["show", state, "layers.1/\(row.latent)", "--json"])
        #expect(try SheetJSON.value(LatentSheet.self, from: byHookpoint.output.utf8) == sheet)

        // The browser, on the server.
        let browser = Browser()
        let page = try browser.open("\(address)/l/\(row.name)?text=The%20river%20breaks")
        #expect(page.console.isEmpty, "\(page.console)")
        #expect(page.document.contains("<h1>\(row.name)</h1>"))
        // The script has run: what it serves is no longer hidden.
        #expect(page.document.contains("<p class=\"controls\">") && page.document.contains("id=\"test\""))
        #expect(page.document.contains("It fires, at most") || page.document.contains("It stays silent."))
        for path in ["/", "/latents?q=&coder=codes&sort=score&desc=1", "/pipeline", "/failures", "/nothing"] {
            let other = try browser.open(address + path)
            #expect(
                !other.console.contains("Refused") && !other.console.contains("Uncaught"), "\(path) \(other.console)")
            #expect(other.document.contains("<main id=\"content\""), "\(path)")
        }

        // The same as files.
        let folder = subject.folder.file("pages")
        let written = try gloss.run(["page", state, "--output", folder, "--latents", row.name])
        try #require(written.status == 0, "\(written.errors)")
        let file = try browser.open("file://\(folder)/l/\(row.name).html")
        #expect(file.console.isEmpty, "\(file.console)")
        #expect(file.document.contains("<p class=\"controls\">"))
        for text in [row.name, try #require(row.score(by: "execution")?.headline).text.prefix(3).description] {
            #expect(file.document.contains(text), "\(text) \(label)")
        }
        let json = try Data(contentsOf: URL(filePath: "\(folder)/l/\(row.name).json"))
        #expect(try SheetJSON.value(LatentSheet.self, from: json).labels == sheet.labels)
        #expect(try browser.open("file://\(folder)/index.html").console.isEmpty)
        let again = try gloss.run(["page", state, "--output", folder])
        #expect(again.status == 78 && again.errors.contains("is not empty") && again.errors.contains("--force"))

        serving.signal(SIGTERM)
        #expect(serving.end().status == 0)
    }

    @Test func whatIsNotThereIsNamedWithWhatIs() throws {
        for (arguments, status, words) in [
            (["show", state, "codes/100000"], 65, "coder codes has latents 0 to"),
            (["show", state, "other/1"], 65, "no node of that id gives codes: there are codes"),
            (["show", state, "17"], 64, "such as `codes/17`"),
            (["show", subject.folder.file("nowhere"), "codes/1"], 66, "nowhere"),
            (["page", state, "--output", subject.folder.file("p"), "--coder", "other"], 65, "there are codes"),
            (["serve", state, "--address", "0.0.0.0:0"], 64, "can be reached from other machines"),
        ] as [([String], Int32, String)] {
            let outcome = try gloss.run(arguments)
            #expect(outcome.status == status, "\(arguments.dropFirst(0)) \(outcome.status) \(outcome.errors)")
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
        }
    }

    @Test func withoutItsTopologyAStateIsShownByTokenIds() throws {
        let moved = GlossProgram(folder: GlossProgram().folder)
        try FileManager.default.removeItem(atPath: subject.folder.file("model"))
        let outcome = try moved.run(["show", state, "codes/1"])
        #expect(outcome.status == 0 && outcome.errors.contains("the topology cannot be used"), "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("codes/1"))
    }
}
