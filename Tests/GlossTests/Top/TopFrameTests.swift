import Elements
import Foundation
import LatentSheets
import PipelineSheets
import Serving
import TerminalText
import TestSupport
import Testing

@testable import gloss

/// Frames of `gloss top`, beside the lines that stood in `Golden` when a person had looked at them.
@Suite struct TopFrameTests {
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
        return TopFrame(look: look, place: "http://127.0.0.1:8080", reading: reading, state: state)
    }

    private func expectGolden(_ lines: [String], _ name: String) throws {
        let text = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["GLOSS_RECORD_GOLDENS"] == "1" {
            try text.write(toFile: GoldenFiles.path("top/\(name).txt"), atomically: true, encoding: .utf8)
        }
        #expect(text == String(decoding: try GoldenFiles.data("top/\(name).txt"), as: UTF8.self))
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
