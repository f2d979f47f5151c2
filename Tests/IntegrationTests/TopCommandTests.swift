import Foundation
import LatentSheets
import Serving
import TestSupport
import Testing

/// `gloss top` and `gloss graph` as people use them, at a terminal and without one.
@Suite(.timeLimit(.minutes(5))) struct TopCommandTests {
    private let gloss = GlossProgram(environment: ["TERM": "xterm-256color", "NO_COLOR": ""])
    private let subject: TinySubject
    private let topology: String
    private let state: String

    private static let entered = "\u{1B}[?1049h"
    private static let left = "\u{1B}[?1049l"
    private static let frameBegins = "\u{1B}[?2026h"
    private static let frameEnds = "\u{1B}[?2026l"

    init() throws {
        subject = try TinySubject()
        let source = "{ type: file, path: \"\(try subject.corpus(documents: 120))\" }"
        topology = try subject.topology("shown", source: source)
        state = subject.state("shown")
        let outcome = try gloss.run(["run", topology, "--until-drained", "--quiet"])
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    /// Starts `gloss top` at a terminal and waits for its first frame.
    private func start(at terminal: PseudoTerminal) throws -> (process: Process, place: Int) {
        let process = gloss.makeProcess(["top", state])
        try terminal.start(process)
        let entered = try #require(terminal.wait(for: Self.entered))
        return (process, try #require(terminal.wait(for: Self.frameEnds, after: entered)))
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT])
    func aSignalThatEndsItLeavesTheTerminalAsItWas(number: Int32) throws {
        let terminal = try PseudoTerminal()
        let before = try terminal.settings
        let (process, place) = try start(at: terminal)
        #expect(try terminal.settings != before)
        // In the middle of a frame, which its keys bring about.
        terminal.press("\t")
        let begun = try #require(terminal.wait(for: Self.frameBegins, after: place))
        kill(process.processIdentifier, number)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 128 + number)
        #expect(try terminal.settings == before)
        #expect(terminal.wait(for: Self.left, after: begun) != nil)
    }

    @Test func qEndsItAndLeavesTheTerminalAsItWas() throws {
        let terminal = try PseudoTerminal()
        let before = try terminal.settings
        let (process, place) = try start(at: terminal)
        terminal.press("q")
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && terminal.wait(for: Self.left, after: place) != nil)
        #expect(try terminal.settings == before)
    }

    @Test func aTerminalIsGivenBackWhileItIsStoppedAndTakenAgainAfter() throws {
        let terminal = try PseudoTerminal()
        let before = try terminal.settings
        let (process, place) = try start(at: terminal)
        kill(process.processIdentifier, SIGTSTP)
        let left = try #require(terminal.wait(for: Self.left, after: place))
        // It has stopped itself once the kernel says so.
        while try !isStopped(process.processIdentifier) { sched_yield() }
        #expect(try terminal.settings == before)
        kill(process.processIdentifier, SIGCONT)
        let entered = try #require(terminal.wait(for: Self.entered, after: left))
        #expect(terminal.wait(for: Self.frameEnds, after: entered) != nil)
        #expect(try terminal.settings != before)
        terminal.press("q")
        process.waitUntilExit()
        #expect(try terminal.settings == before)
    }

    @Test func tShowsResultsAsTailPrintsThemAndRAsksBeforeItChangesAnything() throws {
        let terminal = try PseudoTerminal()
        let (process, place) = try start(at: terminal)
        terminal.press("t")
        let followed = try #require(terminal.wait(for: "results of codes/", after: place))
        #expect(terminal.wait(for: "Z explain codes/", after: followed) != nil)
        terminal.press("R")
        let asked = try #require(terminal.wait(for: "tried again?  y yes", after: followed))
        terminal.press("y")
        let answered = try #require(
            terminal.wait(for: "failed or waits for another try", after: asked))
        terminal.press("q")
        let back = try #require(terminal.wait(for: " q quit ", after: answered))
        terminal.press("q")
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && terminal.wait(for: Self.left, after: back) != nil)
    }

    private func isStopped(_ process: Int32) throws -> Bool {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return text.split(separator: ")").last?.hasPrefix(" T") == true
    }

    @Test func aWindowOfAnotherSizeIsFilledAnew() throws {
        let terminal = try PseudoTerminal(columns: 50)
        let (process, place) = try start(at: terminal)
        #expect(!String(decoding: terminal.written, as: UTF8.self).contains("EXPLANATION"))
        terminal.resize(columns: 200, rows: 40)
        kill(process.processIdentifier, SIGWINCH)
        #expect(terminal.wait(for: "EXPLANATION", after: place) != nil)
        terminal.press("q")
        process.waitUntilExit()
    }

    @Test func aLatentIsOpenedByEnter() throws {
        let terminal = try PseudoTerminal(columns: 120, rows: 40)
        let (process, place) = try start(at: terminal)
        terminal.press("\r")
        let opened = try #require(terminal.wait(for: "fires on ", after: place))
        terminal.press("q")
        let back = try #require(terminal.wait(for: "NODE", after: opened))
        terminal.press("/codes/1\r")
        #expect(terminal.wait(for: "filter “codes/1”", after: back) != nil)
        terminal.press("q")
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func withoutATerminalOneFrameIsPrintedOrItIsSaidHow() throws {
        let refused = try gloss.run(["top", state])
        #expect(refused.status == 78 && refused.errors.contains("--once"))
        let once = try gloss.run(["top", state, "--once"])
        #expect(once.status == 0 && !once.output.contains("\u{1B}"), "\(once.errors)")
        #expect(once.output.contains("✓ scored") && once.output.contains("lexical"))
        let dumb = try GlossProgram(environment: ["TERM": "dumb"]).run(["top", topology, "--once"])
        #expect(dumb.status == 0 && dumb.output.contains("OK scored"), "\(dumb.errors)")
        let json = try gloss.run(["top", state, "--json", "--latents", "3"])
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect((object["latents"] as? [Any])?.count == 3 && object["pipeline"] is [String: Any])
    }

    @Test func aTopologyIsDrawnFromItsFileAndFromItsStateAlike() throws {
        let file = try gloss.run(["graph", topology])
        #expect(file.status == 0 && file.output.contains("└─▶ tokens") && file.output.contains("token contexts"))
        let live = try gloss.run(["graph", "--live", state])
        #expect(live.status == 0 && live.output.contains("executed"), "\(live.errors)")
        for format in ["mermaid", "dot", "json"] {
            let fromFile = try gloss.run(["graph", topology, "--format", format])
            #expect(fromFile.status == 0 && fromFile.output.contains("executed"), "\(fromFile.errors)")
        }
        // Without a daemon that answers, the state of the topology is told.
        let ofFile = try gloss.run(["graph", "--live", topology, "--format", "json"])
        let ofState = try gloss.run(["graph", "--live", state, "--format", "json"])
        #expect(ofFile.output == ofState.output)
    }
}
