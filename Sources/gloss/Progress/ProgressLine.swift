import Foundation
import Observability
import Running
import TerminalText

/// What a run is at, on one line: what happens now, how long it still takes, what has been done.
struct ProgressLine {
    let reading: RunProgress.Reading
    let moment: RunMoment
    /// Tokens per second while tokens were worked on.
    let rate: Double?
    let timeLeft: TimeLeft.Answer
    /// The share of what the sources hold that has been worked on, from 0 to 1; `nil` if they do not tell how much that is.
    let shareDone: Double?
    /// How the run has ended; `nil` while it runs.
    var ending: RunOutcome?

    /// All of it.
    var text: String { ([headline] + [time].compactMap(\.self) + counts).joined(separator: " · ") }

    /// What does not change while nothing happens: two lines that differ in nothing else need not both be written.
    var counted: String { ([headline] + counts).joined(separator: " · ") }

    /// What happens now.
    var headline: String {
        if let ending, ending.isStopped, !ending.open.isEmpty || timeLeft != .nothing { return "stopped" + share }
        let waiting = reading.waiting.values.reduce(0, +)
        if reading.records == 0, moment.tokensRead == 0, waiting == 0 {
            return moment.tokensLeft == 0 ? "nothing new to read" : "waiting for the first record"
        }
        if let left = moment.tokensLeft, left < 1 {
            if waiting > 0 { return "explaining and scoring" }
            if let undone { return undone }
            return timeLeft == .nothing ? "all is done" : "finishing"
        }
        let reading = percent.map { "reading \($0)" } ?? "reading"
        return waiting > 0 ? reading + ", explaining and scoring" : reading
    }

    /// How much of the sources was read before a stop; empty if all was, or it is not known.
    private var share: String {
        guard let left = moment.tokensLeft, left >= 1, let percent else { return "" }
        return " after \(percent) of what the sources hold"
    }

    private var percent: String? { shareDone.map { "\(Int((100 * $0).rounded(.down))) %" } }

    /// What is left undone though nothing more is done about it; `nil` if nothing is.
    private var undone: String? {
        guard timeLeft == .nothing || ending != nil else { return nil }
        let jobs = reading.left.values.reduce(0, +) + reading.held.values.reduce(0, +)
        let messages = ending?.unpublished.values.reduce(0, +) ?? 0
        let undone = [(jobs, "job"), (messages, "message")].filter { $0.0 > 0 }
            .map { count, noun in "\(count) \(count == 1 ? noun : noun + "s")" }
        return undone.isEmpty ? nil : "all is done but \(undone.joined(separator: " and "))"
    }

    private var time: String? {
        guard ending == nil else { return nil }
        guard case .seconds(let seconds, let then) = timeLeft else { return nil }
        let further = then.isEmpty ? "" : "and the jobs of \(then.joined(separator: ", "))"
        if seconds < 1 { return then.isEmpty ? nil : "then \(then.joined(separator: ", "))" }
        return "\(DurationText.about(seconds)) left" + (further.isEmpty ? "" : " \(further)")
    }

    private var counts: [String] {
        var parts = [
            "\(reading.records) \(reading.records == 1 ? "record" : "records")",
            "\(reading.tokens) tokens" + (rate.map { " (\(Int($0.rounded()))/s)" } ?? ""),
        ]
        parts += Self.phrases(reading.explanations, "explained")
        for (node, number) in reading.scores.sorted(by: { $0.key < $1.key }) {
            let controls = reading.controls[node] ?? 0
            parts.append("\(node) \(number - controls) scored" + (controls > 0 ? ", \(controls) controls" : ""))
        }
        parts += Self.phrases(reading.waiting.filter { $0.value > 0 }, "to do")
        parts += Self.phrases(reading.postponed.filter { $0.value > 0 }, "of these wait for another try")
        for (model, server) in reading.servers.sorted(by: { $0.key < $1.key }) {
            // Since when, not for how long: the line stays the same while nothing happens.
            if let since = server.awaySince { parts.append("\(model) away since \(Self.clock(since))") }
        }
        parts += Self.phrases(reading.left, "left: server away")
        parts += Self.phrases(reading.held, "wait: budget spent")
        parts += Self.phrases(reading.failures, "failed")
        let refused = reading.rejected.values.reduce(0, +)
        if refused > 0 { parts.append("\(refused) refused") }
        return parts
    }

    private static func phrases(_ counts: [String: Int], _ verb: String) -> [String] {
        counts.keys.sorted().map { "\($0) \(counts[$0] ?? 0) \(verb)" }
    }

    private static func clock(_ time: Date) -> String {
        String(time.formatted(Date.ISO8601FormatStyle()).dropFirst(11))
    }
}
