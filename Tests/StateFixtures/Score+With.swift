package import Elements

extension Score {
    /// The same score after a change.
    package func with(_ change: (inout Score) -> Void) -> Score {
        var score = self
        change(&score)
        return score
    }
}
