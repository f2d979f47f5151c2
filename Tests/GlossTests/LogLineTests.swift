import Foundation
import JSONText
import Testing

@testable import gloss

@Suite struct LogLineTests {
    private func line(
        _ message: String, origin: String = "corpus", isNode: Bool = true, level: LogLevel = .warning,
        cause: FailureKind? = nil
    ) -> LogLine {
        LogLine(
            time: Date(timeIntervalSince1970: 1_795_885_504.25), level: level, origin: origin, isNode: isNode,
            message: message, cause: cause)
    }

    @Test func aPersonReadsOriginAndMessage() {
        #expect(line("the broker is away").text(in: .plain) == "[corpus] the broker is away")
    }

    @Test func aFileHasTimeInUTCAndLevelToo() {
        #expect(
            line("the broker is away").text(in: .timed)
                == "2026-11-28T17:05:04.250Z warning [corpus] the broker is away")
    }

    @Test func aMachineReadsAnObject() {
        #expect(
            line("say \"x\"\\").text(in: .json)
                == #"{"time":"2026-11-28T17:05:04.250Z","level":"warning","message":"say \"x\"\\","node":"corpus"}"#)
    }

    @Test func whatIsNoNodeIsAPartAndTheLastLineNamesItsCause() {
        #expect(
            line("disk full", origin: "gloss", isNode: false, level: .error, cause: .machine).text(in: .json)
                == #"{"time":"2026-11-28T17:05:04.250Z","level":"error","message":"disk full","part":"gloss","#
                + #""cause":"machine","exit_code":74}"#)
    }

    @Test(arguments: [LogLine.Form.plain, .timed, .json])
    func noMessageMakesASecondLineOrSteersATerminal(form: LogLine.Form) throws {
        let hostile = "a\u{1B}[31m\nb\u{202E}\u{9B}2J\u{2028}c"
        let text = line(hostile, origin: "x\n\u{1B}").text(in: form)
        #expect(
            text.unicodeScalars.allSatisfy { !$0.properties.isBidiControl && $0.properties.generalCategory != .control }
        )
        #expect(!text.contains { $0.isNewline })
        if form == .json {
            #expect(try JSONValue(json: Array(text.utf8))["message"]?.string == hostile)
        }
    }
}
