import Foundation
import LatentSheets

/// Parts of sheets as sentences hold them.
enum SheetText {
    /// The name of a model without the folders that it lies in.
    static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// A time to the minute, such as `2026-11-23 12:04 UTC`.
    static func minute(_ time: String) -> String {
        time.count >= 16 ? time.prefix(16).replacingOccurrences(of: "T", with: " ") + " UTC" : time
    }

    /// A change of logits with its sign.
    static func signed(_ value: Double) -> String { (value < 0 ? "−" : "+") + Words.value(abs(value)) }

    /// What became of an explanation; `nil` of one that stands and was never compared.
    static func outcome(of change: SheetChange) -> String? {
        var words: [String] = []
        if let reason = change.reason { words.append("made again: \(reason)") }
        switch change.outcome {
        case nil: if change.reason != nil { words.append("still being compared") }
        case let outcome?: words.append(outcome)
        }
        words += change.comparison
        if let until = change.until { words.append("stood until \(minute(until))") }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}
