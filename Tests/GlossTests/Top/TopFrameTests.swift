import Elements
import Foundation
import LatentSheets
import PipelineSheets
import Serving
import Store
import TerminalText
import TestSupport
import Testing

@testable import gloss

/// Frames of `gloss top`, beside the lines that stood in `Golden` when a person had looked at them.
@Suite struct TopFrameTests {
    /// Noon of 29 November 2026, by which the ages of the golden frames are told.
    private static let now = Date(timeIntervalSince1970: 1_795_953_600)
    private static let hostile = "a\u{1B}[31m\u{202E}b\u{0}"

    private func reading() throws -> TopReading {
        try SheetJSON.value(TopReading.self, from: GoldenFiles.data("top/reading.json"))
    }

    private func frame(_ look: TopLook, _ reading: TopReading, _ keys: [Key] = []) -> TopFrame {
        var state = TopState(every: 2)
        for key in keys {
            let now = TopFrame(look: look, place: "http://127.0.0.1:8080", reading: reading, state: state)
            _ = state.press(key, now.shown)
        }
        return TopFrame(
            look: look, place: "http://127.0.0.1:8080", reading: reading, state: state, now: Self.now)
    }

    private func expectGolden(_ lines: [String], _ name: String) throws {
        let text = lines.joined(separator: "\n") + "\n"
        #expect(try text == GoldenFiles.text("top/\(name).txt", recording: text))
    }

    @Test(arguments: [60, 80, 120, 200])
    func aFrameIsPrintedAsItWasLookedAt(width: Int) throws {
        let reading = try reading()
        let lines = frame(TopLook(width: width), reading).lines.map(\.text)
        try expectGolden(lines, "once-\(width)")
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
        // Latent, state and score are always whole.
        for row in reading.latents {
            let line = lines.first { $0.contains(" \(row.name) ") } ?? ""
            #expect(line.contains(row.state.label), "\(line)")
            #expect(line.contains(row.score(by: nil)?.headline?.text ?? "unscored"), "\(line)")
        }
    }

    @Test(arguments: [60, 80, 120, 200])
    func aDumbTerminalGetsTheSameInASCII(width: Int) throws {
        let lines = frame(TopLook(width: width, isASCII: true), try reading()).lines.map(\.text)
        try expectGolden(lines, "dumb-\(width)")
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(lines.contains { $0.contains("OK scored") })
        #expect(lines.joined().unicodeScalars.allSatisfy { $0.isASCII })
    }

    @Test(arguments: [(60, 24), (80, 24), (120, 40)])
    func aScreenIsFilledAndSaysTheSameWithColoursAndWithout(width: Int, height: Int) throws {
        let look = TopLook(width: width, height: height, hasColour: true)
        let lines = frame(look, try reading(), [.down]).lines
        #expect(lines.count == height)
        try expectGolden(lines.map(\.text), "screen-\(width)")
        let coloured = lines.map { $0.written(hasColour: true) }.joined(separator: "\n")
        #expect(coloured.contains("\u{1B}[7m"))
        #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == lines.map(\.text).joined(separator: "\n"))
        #expect(!lines.map { $0.written(hasColour: false) }.joined().contains("\u{1B}"))
    }

    @Test(arguments: [20, 60, 80, 200])
    func nothingSteersTheTerminalWhateverIsRead(width: Int) throws {
        var reading = try reading()
        reading.latents[0].label = Self.hostile
        reading.latents[0].scores[0].score.doubts = [Self.hostile]
        reading.pipeline?.topology = Self.hostile
        reading.pipeline?.nodes[0].id = Self.hostile
        reading.pipeline?.nodes[0].jobs = PipelineJobs()
        reading.pipeline?.nodes[0].jobs?.lastFailure = Self.hostile
        reading.failures[0].node = Self.hostile
        reading.failures[0].reason = Self.hostile
        reading.failures[0].latents = [Self.hostile]
        for keys in [[], [.character("e")], [.tab, .enter], [.character("?")]] as [[Key]] {
            let look = TopLook(width: width, height: 30, hasColour: true)
            let lines = frame(look, reading, keys).lines
            let text = lines.map(\.text).joined(separator: "\n")
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
            // The only escapes are those of styles, each taken back.
            let written = lines.map { $0.written(hasColour: true) }.joined(separator: "\n")
            let escapes = written.matches(of: /\u{1B}\[[0-9;]*m/).map { String($0.0) }
            #expect(escapes.count == written.unicodeScalars.count { $0 == "\u{1B}" })
            #expect(escapes.count { $0 == "\u{1B}[0m" } * 2 == escapes.count)
        }
    }

    /// At no width a label stands without its score or the word that there is none.
    @Test func aLabelNeverStandsWithoutAScore() throws {
        var reading = try reading()
        reading.latents[0].label = "LABEL"
        reading.latents[0].scores = []
        for width in 40...120 {
            let lines = frame(TopLook(width: width), reading).lines.map(\.text)
            for line in lines where line.contains("LABEL") { #expect(line.contains("unscored"), "\(width)") }
        }
    }

    @Test func aScoreThatFailedHasNoNumber() throws {
        var reading = try reading()
        reading.latents[0].scores[0].score.headline = nil
        reading.latents[0].scores[0].score.failed = 60
        let lines = frame(TopLook(width: 120), reading).lines.map(\.text)
        let line = lines.first { $0.contains(" \(reading.latents[0].name) ") } ?? ""
        #expect(line.contains("? n=") && line.contains("f=60"))
    }

    @Test func aStaleLatentSaysWhyBesideItsExplanation() throws {
        var reading = try reading()
        let row = try #require(reading.latents.firstIndex { $0.state == .stale })
        func line(_ reading: TopReading) -> String {
            let lines = frame(TopLook(width: 200), reading).lines.map(\.text)
            return lines.first { $0.contains(" \(reading.latents[row].name) ") } ?? ""
        }
        #expect(line(reading).contains("~ stale") && line(reading).hasSuffix("(evidence moved 0.31) legal citations"))
        reading.latents[row].stale?.reason = "grown"
        reading.latents[row].stale?.amount = 5.04
        #expect(line(reading).hasSuffix("(windows grown 5.0 ×) legal citations"))
        reading.latents[row].stale?.reason = "fallen"
        reading.latents[row].stale?.amount = nil
        #expect(line(reading).hasSuffix("(score fallen) legal citations"))
    }

    @Test func resultsAreShownWithTheLatestAtTheEndAndOlderOnesAbove() throws {
        let look = TopLook(width: 80, height: 20)
        var state = frame(look, try reading(), [.character("t")])
        let name = try reading().latents[0].name
        #expect(state.lines.contains { $0.text == "\(name): being read" })
        state.tail.take(.lines([]))
        #expect(state.lines.contains { $0.text == "nothing has come of \(name) yet" })
        state.tail.take(.lines((0..<100).map { "line \($0)" }))
        func seen(_ frame: TopFrame) -> [String] { frame.lines.map(\.text).filter { $0.hasPrefix("line ") } }
        let room = seen(state).count
        #expect(room > 3 && state.lines.count == 20 && seen(state) == ((100 - room)..<100).map { "line \($0)" })
        #expect(state.lines.last?.text.contains("results of \(name)") == true)
        var older = frame(look, try reading(), [.character("t")])
        older.tail = state.tail
        var moved = older.state
        for key in [Key.up, .up, .up] { _ = moved.press(key, older.shown) }
        older = TopFrame(look: look, place: older.place, reading: older.reading, state: moved, tail: older.tail)
        #expect(seen(older) == ((97 - room)..<97).map { "line \($0)" })
        state.tail.take(.trouble("the daemon has gone"))
        #expect(state.lines.contains { $0.text == " ! the daemon has gone; trying again" })
        #expect(seen(state).last == "line 99")
        state.tail.take(.lines((0..<2000).map { "more \($0)" }))
        #expect(state.tail.lines?.count == TopTail.longest && state.tail.trouble == nil)
        state.tail.take(.reset)
        #expect(state.tail.lines == nil)
    }

    @Test func aQuestionAndWhatCameOfItStandInTheLastLine() throws {
        let look = TopLook(width: 120, height: 20)
        let name = try reading().latents[0].name
        let asked = frame(look, try reading(), [.character("R")])
        #expect(asked.lines.last?.text == " have the failed jobs of \(name) tried again?  y yes  any other key no")
        var answered = frame(look, try reading())
        answered.said = "3 jobs are tried again"
        #expect(answered.lines.last?.text == " 3 jobs are tried again")
    }

    @Test func onlyWhatIsAboutTheChosenIsFollowed() throws {
        func event(_ json: String) throws -> TailedEvent { try #require(TailedEvent(json)) }
        let own = try event(#"{"type":"score","coder":"codes","latent":17,"node":"judged"}"#)
        #expect(TopSubject.latent(LatentKey(coder: "codes", latent: 17)).takes(own))
        #expect(!TopSubject.latent(LatentKey(coder: "codes", latent: 1)).takes(own))
        #expect(!TopSubject.latent(LatentKey(coder: "other", latent: 17)).takes(own))
        #expect(TopSubject.node("judged").takes(own) && !TopSubject.node("codes").takes(own))
    }

    @Test func aDaemonIsAskedForTheEventsOfTheChosenLatentsCoder() {
        #expect(TopSubject.latent(LatentKey(coder: "a b", latent: 17)).query == ["latent=17", "coder=a%20b"])
        #expect(TopSubject.node("judged").query.isEmpty)
    }

    /// A request to try jobs again names no coder.
    @Test func whoTriesALatentsJobsAgainIsToldThatEveryCodersAre() throws {
        var reading = try reading()
        let coder = try #require(reading.coders.first)
        reading.coders = [coder, coder]
        let number = reading.latents[0].latent
        let asked = frame(TopLook(width: 120, height: 20), reading, [.character("R")])
        let question = " have the failed jobs of latent \(number) of every coder tried again?"
        #expect(asked.lines.last?.text.hasPrefix(question) == true)
        let latent = TopSubject.latent(LatentKey(coder: "codes", latent: 17))
        let source = TopSource.daemon("http://127.0.0.1:1", token: nil)
        #expect(TopRetry(source: source, subject: latent).told(1) == "1 job of codes/17 is tried again")
        let both = TopRetry(source: source, subject: latent, coders: 2)
        #expect(both.told(3) == "3 jobs of latent 17 of every coder are tried again")
        #expect(both.told(0).hasPrefix("no job of latent 17 of every coder"))
    }

    @Test func withoutATokenADaemonIsAskedNothingAndTheWayIsTold() async throws {
        let retry = TopRetry(source: .daemon("http://127.0.0.1:1", token: nil), subject: .node("judged"))
        for token in [nil, ""] {
            let error = await #expect(throws: OneStageError.self) { try await retry.run(writeToken: token) }
            #expect(error?.description.contains("GLOSS_WRITE_TOKEN") == true)
        }
    }

    @Test func whatAnOlderDaemonDoesNotTellHasNoColumn() throws {
        var reading = try reading()
        for place in reading.latents.indices {
            reading.latents[place].evidence = nil
            reading.latents[place].made = nil
        }
        for place in reading.pipeline?.nodes.indices ?? 0..<0 { reading.pipeline?.nodes[place].jobTimes = nil }
        let text = frame(TopLook(width: 200), reading).lines.map(\.text).joined(separator: "\n")
        for title in ["EVID", "AGE", "P50/P99"] { #expect(!text.contains(title)) }
    }

    @Test(
        arguments: [
            ("2026-11-29T12:00:00.000Z", "0s"), ("2026-11-29T11:59:00.500Z", "59s"), ("2026-11-29T11:59:00.000Z", "1m"),
            ("2026-11-29T11:00:00.001Z", "59m"), ("2026-11-29T11:00:00.000Z", "1h"),
            ("2026-11-27T12:00:01.000Z", "47h"), ("2026-11-27T12:00:00.000Z", "2d"),
            ("2027-01-01T00:00:00.000Z", "0s"), ("yesterday", nil),
        ] as [(String, String?)])
    func anAgeIsToldInTheLargestUnitThatIsFull(time: String, age: String?) {
        #expect(AgeText.text(since: time, at: Self.now) == age)
    }

    @Test func columnsAreLeftOutTheLeastImportantFirst() {
        let table = TopTable(
            columns: [
                .init(title: "ID"), .init(title: "ONE", rank: 1), .init(title: "TWO", rank: 2),
                .init(title: "ALSO", rank: 2), .init(title: "REST", rank: 3, takesRest: true),
            ],
            rows: [["codes/17", "first", "second", "third", "a long explanation"].map { TopPiece($0) }])
        func titles(_ width: Int) -> [String] {
            table.lines(width: width).header.text.split(separator: " ").map(String.init)
        }
        #expect(titles(80) == ["ID", "ONE", "TWO", "ALSO", "REST"])
        #expect(titles(44) == ["ID", "ONE", "TWO", "ALSO", "REST"])
        #expect(titles(43) == ["ID", "ONE", "TWO", "ALSO"])
        #expect(titles(29) == ["ID", "ONE", "TWO"])
        #expect(titles(15) == ["ID", "ONE"] && titles(9) == ["ID"])
        #expect(table.lines(width: 44).rows[0].text.hasSuffix("a long expl…"))
        #expect(table.lines(width: 5).rows[0].text == "code…")
    }

    @Test func troubleIsToldAndWhatWasReadStays() throws {
        let reading = try reading()
        var frame = frame(TopLook(width: 120, height: 40), reading)
        frame.trouble = "http://127.0.0.1:8080 cannot be reached"
        let text = frame.lines.map(\.text).joined(separator: "\n")
        #expect(text.contains("! http://127.0.0.1:8080 cannot be reached; trying again"))
        #expect(text.contains(reading.latents[0].name))
    }

    @Test func aStateWithoutATopologyShowsItsLatents() throws {
        var reading = try reading()
        reading.pipeline = nil
        let lines = frame(TopLook(width: 80), reading).lines.map(\.text)
        #expect(!lines.contains { $0.contains("NODE") } && lines.contains { $0.contains(reading.latents[0].name) })
    }

    @Test func theChosenRowIsSeenHoweverFarDownItIs() throws {
        var reading = try reading()
        let row = reading.latents[0]
        reading.latents = (0..<100).map { latent in
            var other = row
            other.latent = latent
            return other
        }
        let keys = [Key](repeating: .down, count: 77)
        let lines = frame(TopLook(width: 80, height: 24), reading, keys).lines.map(\.text)
        #expect(lines.contains { $0.hasPrefix(">\(row.coder)/77 ") })
        #expect(lines.count == 24 && lines.last?.contains("q quit") == true)
    }
}
