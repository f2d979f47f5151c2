import Observability
import TerminalText

/// The few turns of a run that are worth a line of their own, each told once.
struct RunStory {
    private var firstRecord: Double?
    private var hasReadAll = false
    private var last: RunMoment?

    /// The seconds since the beginning at which the run had its first score; `nil` before that.
    private(set) var firstScore: Double?

    /// Takes in the next moment; returns what is to be told of it.
    mutating func note(_ moment: RunMoment, records: Int, scores: Int) -> [String] {
        defer { last = moment }
        var lines: [String] = []
        if firstRecord == nil, records > 0 { firstRecord = last?.seconds ?? moment.seconds }
        if let firstRecord, !hasReadAll, moment.tokens > 0, let left = moment.tokensLeft, left < 1 {
            hasReadAll = true
            let seconds = max(moment.seconds - firstRecord, 1e-3)
            lines.append(
                "all that the sources hold is read: \(records) records, \(moment.tokens) tokens in "
                    + "\(DurationText.text(seconds))")
        }
        if firstScore == nil, scores > 0 {
            firstScore = moment.seconds
            lines.append(
                "the first score came after \(DurationText.text(moment.seconds)); `gloss tail` shows each as it comes")
        }
        return lines
    }
}
