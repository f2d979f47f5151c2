/// How fast tokens are worked on, over the time in which they were: from the first record until the last token so far.
package struct IngestPace: Sendable, Hashable {
    private var last: RunMoment?
    private var begin: Double?
    private var end = 0.0
    private var tokens = 0

    /// Makes a pace before the first record.
    package init() {}

    /// Takes in a moment; the later one last.
    package mutating func note(_ moment: RunMoment) {
        defer { last = moment }
        // The first record came at some time after the moment before, in which there was none.
        if begin == nil, moment.tokensRead > 0 || moment.tokens > 0 { begin = last?.seconds ?? moment.seconds }
        if moment.tokens > tokens { (tokens, end) = (moment.tokens, moment.seconds) }
    }

    /// Tokens per second; `nil` before there were any.
    package var rate: Double? {
        guard let begin, tokens > 0, end > begin else { return nil }
        return Double(tokens) / (end - begin)
    }
}
