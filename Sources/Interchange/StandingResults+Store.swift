public import Elements
package import Lineage
public import Store

extension StandingResults {
    /// The current results in a state directory; blocks.
    package init(in reader: some StoreReading) throws(StoreError) {
        self.init(
            explanations: try reader.explanations(), scores: try reader.scores(),
            choices: try reader.choices().map(\.choice))
    }
}

extension StoreReading {
    /// The current explanations: none that was replaced, and none that has not replaced the current one.
    public func standingExplanations() throws(StoreError) -> [Explanation] {
        StandingResults(
            explanations: try explanations(), scores: [], choices: try choices().map(\.choice)
        ).explanations
    }
}
