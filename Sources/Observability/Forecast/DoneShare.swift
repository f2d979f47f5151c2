/// The share of the tokens that the sources hold that has been worked on.
///
/// What is known of how much they hold gets better while they are read. As long as they do not grow, the share that was told
/// does not become less.
struct DoneShare: Sendable {
    private var whole: Double?
    private var highest = 0.0

    /// The share, from 0 to 1; `nil` if the sources do not tell how much they hold.
    private(set) var share: Double?

    /// Takes in a moment, the later one last.
    ///
    /// - Parameter expected: The tokens that the sources hold, if more is known of that than the moment tells.
    mutating func note(_ moment: RunMoment, expected: Double?) {
        guard let now = Self.share(of: moment, expected: expected) else {
            share = nil
            return
        }
        let whole = moment.contents?.whole
        if whole != self.whole { highest = 0 }
        self.whole = whole
        highest = max(highest, now)
        share = highest
    }

    private static func share(of moment: RunMoment, expected: Double?) -> Double? {
        guard let known = moment.shareDone else { return nil }
        guard let expected, let left = moment.tokensLeft, left >= 1 else { return known }
        return min(Double(moment.tokens) / max(expected, Double(moment.tokensRead), 1), 1)
    }
}
