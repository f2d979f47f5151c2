/// How many tokens the sources hold in all, by how many came of what was read since the first was worked on.
///
/// Documents wait between a source and what cuts them into tokens. They are read, and are no tokens yet, so that tokens over all
/// that was read are too few. From one moment to another at which as many wait, that makes no difference.
struct TokenDensity: Sendable {
    /// What had been read, and the tokens of that, when the first was worked on.
    private var first: (read: Double, tokens: Int)?

    /// The tokens that the sources hold, those that were read included; `nil` before it can be told.
    private(set) var expected: Double?

    /// Takes in a moment, the later one last.
    mutating func note(_ moment: RunMoment) {
        // Once all is read only what waits becomes less.
        guard moment.tokens > 0, let contents = moment.contents, contents.read < contents.whole else { return }
        guard let first else {
            first = (contents.read, moment.tokensRead)
            return
        }
        let read = contents.read - first.read
        guard read > 0, read >= first.read / 2, moment.tokensRead > first.tokens else { return }
        expected = Double(moment.tokensRead - first.tokens) / read * contents.whole
    }

    /// The tokens that are left to work on at a moment, by what is expected if that can be told; `nil` if the sources do not tell
    /// how much they hold.
    func tokensLeft(in moment: RunMoment) -> Double? {
        guard let known = moment.tokensLeft, known >= 1, let expected else { return moment.tokensLeft }
        return max(max(expected, Double(moment.tokensRead)) - Double(moment.tokens), 0)
    }
}
