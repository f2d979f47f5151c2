/// The share of the tokens that the sources hold that has been worked on.
///
/// What is known of how much they hold gets better while they are read. As long as they do not grow, the share that was told
/// does not become less.
struct DoneShare: Sendable {
    private var whole: Double?
    private var highest = 0.0

    /// The share, from 0 to 1; `nil` if the sources do not tell how much they hold.
    private(set) var share: Double?

    /// Takes in a moment, the later one last, and the tokens that are left then.
    mutating func note(_ moment: RunMoment, tokensLeft: Double?) {
        guard let tokensLeft else {
            share = nil
            return
        }
        let whole = moment.contents?.whole
        if whole != self.whole { highest = 0 }
        self.whole = whole
        let all = Double(moment.tokens) + tokensLeft
        highest = max(highest, all > 0 ? Double(moment.tokens) / all : 1)
        share = highest
    }
}
