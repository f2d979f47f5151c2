import Foundation
import Observability
import Reports
import Store
import Synchronization

/// The status line of a run and, above it, results as they come.
final class ProgressDisplay: Sendable {
    private let progress: RunProgress
    private let directory: String
    private let start = ContinuousClock.now
    private let cursor = Mutex<Int64?>(nil)

    /// The most results printed per second; only the number of the rest is printed.
    private static let linesPerSecond = 4

    init(progress: RunProgress, directory: String) {
        self.progress = progress
        self.directory = directory
    }

    /// Draws once a second until cancelled; if there is no terminal, a plain line every ten seconds.
    func run() async {
        var tick = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            printResults()
            if Terminal.isInteractive {
                Terminal.status(String(line.prefix(Terminal.width - 1)))
            } else if tick % 10 == 9 {
                Notice.write("run", line)
            }
            tick += 1
        }
    }

    /// Prints the remaining results.
    func finish() {
        printResults()
        Notice.write("run", line)
    }

    private var line: String {
        let counts = progress.reading
        let elapsed = ContinuousClock.now - start
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        var parts = [
            "\(counts.records) records",
            "\(counts.tokens) tokens (\(Int(Double(counts.tokens) / max(seconds, 0.1)))/s)",
            "\(counts.checkpoints) checkpoints",
        ]
        parts += Self.phrases(counts.explanations, "explained")
        parts += Self.phrases(counts.scores, "scored")
        parts += Self.phrases(counts.waiting.filter { $0.value > 0 }, "to do")
        parts += Self.phrases(counts.postponed.filter { $0.value > 0 }, "of these wait for another try")
        for (model, server) in counts.servers.sorted(by: { $0.key < $1.key }) {
            if let since = server.awaySince { parts.append("\(model) away for \(Int(-since.timeIntervalSinceNow)) s") }
        }
        parts += Self.phrases(counts.left, "left: server away")
        parts += Self.phrases(counts.held, "wait: budget spent")
        parts += Self.phrases(counts.failures, "failed")
        let refused = counts.rejected.values.reduce(0, +)
        if refused > 0 { parts.append("\(refused) refused") }
        return parts.joined(separator: " · ")
    }

    private static func phrases(_ counts: [String: Int], _ verb: String) -> [String] {
        counts.keys.sorted().map { "\($0) \(counts[$0] ?? 0) \(verb)" }
    }

    private func printResults() {
        // Reading beside the daemon: a state directory that is not there yet, or no more, has no results.
        guard let reader = try? Store.reader(directory: directory) else { return }
        var printed = 0
        var skipped = 0
        while true {
            let from = cursor.withLock { $0 } ?? ((try? reader.latestCursor()) ?? 0)
            cursor.withLock { $0 = from }
            guard let events = try? reader.events(after: from, limit: 500), let last = events.last else { break }
            for event in events {
                guard printed < Self.linesPerSecond else {
                    skipped += 1
                    continue
                }
                guard let text = EventLine.text(of: event.json) else { continue }
                if Terminal.isInteractive { Terminal.status("") }
                tell(text)
                printed += 1
            }
            cursor.withLock { $0 = last.cursor }
        }
        if skipped > 0 { tell("  … and \(skipped) more results") }
    }

    // Results are in the state and in the outbox: that nobody reads them here is no reason to end a run.
    private func tell(_ line: String) { try? Terminal.print(line) }
}
