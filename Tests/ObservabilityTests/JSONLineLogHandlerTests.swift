import Foundation
import Logging
import Synchronization
import Testing

@testable import Observability

@Suite struct JSONLineLogHandlerTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private func logger(
        to lines: Lines, level: Logger.Level = .notice, provider: Logger.MetadataProvider? = nil
    ) -> Logger {
        Logger(label: "gloss.store") { label in
            JSONLineLogHandler(
                label: label, level: level, metadataProvider: provider,
                now: { Date(timeIntervalSince1970: 1_795_435_471.125) },
                write: { line in lines.all.withLock { $0.append(line) } })
        }
    }

    @Test func anEventIsOneLine() {
        let lines = Lines()
        var logger = logger(to: lines)
        logger[metadataKey: "node"] = "codes"
        logger.notice(
            "opened", metadata: ["epoch": "\(7)", "list": ["a", .dictionary(["b": .stringConvertible(1.5)])]])
        #expect(
            lines.all.withLock { $0 } == [
                """
                {"ts":"2026-11-23T12:04:31.125Z","level":"notice","logger":"gloss.store","message":"opened",\
                "metadata":{"epoch":"7","list":["a",{"b":"1.5"}],"node":"codes"}}

                """
            ])
    }

    @Test func theNearestMetadataCounts() {
        let lines = Lines()
        var logger = logger(to: lines, provider: Logger.MetadataProvider { ["a": "provider", "b": "provider"] })
        logger[metadataKey: "a"] = "handler"
        logger[metadataKey: "c"] = "handler"
        logger.error("x", metadata: ["b": "event"])
        #expect(
            lines.all.withLock { $0.first }?.contains(
                "\"metadata\":{\"a\":\"provider\",\"b\":\"event\",\"c\":\"handler\"}") == true)
    }

    @Test func quietBelowTheLevel() {
        let lines = Lines()
        let logger = logger(to: lines)
        logger.info("not this")
        logger.debug("nor this")
        #expect(lines.all.withLock { $0.isEmpty })
    }

    @Test func controlCharactersAreTakenOutAndTheLineIsJSON() throws {
        let lines = Lines()
        let nasty = "a\u{1b}[2J\u{0}\u{9b}31m\u{7f}\r\nb\t\"\\\u{2028}\u{202e}é🙂"
        logger(to: lines).error("\(nasty)", error: Failure(description: nasty), metadata: ["\u{1b}k": "\(nasty)"])
        let line = try #require(lines.all.withLock { $0.first })
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(object?["message"] as? String == "a[2J31m  b \"\\ é🙂")
        #expect(object?["error"] as? String == "a[2J31m  b \"\\ é🙂")
        #expect((object?["metadata"] as? [String: String])?["k"] == "a[2J31m  b \"\\ é🙂")
        #expect(line.dropLast().unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }
}
