public import Elements
public import Store

extension StandingResults {
    /// What counts of all that a state directory holds; blocks.
    package init(in reader: some StoreReading) throws(StoreError) {
        self.init(
            explanations: try reader.explanations(), scores: try reader.scores(),
            choices: try reader.choices().map(\.choice))
    }
}

extension StoreReading {
    /// The explanations that stand: none that was replaced, and none that has not replaced what stood before it.
    public func standingExplanations() throws(StoreError) -> [Explanation] {
        StandingResults(
            explanations: try explanations(), scores: [], choices: try choices().map(\.choice)
        ).explanations
    }
}
