/// How a run ended that did not fail.
package struct RunOutcome: Sendable, Hashable {
    /// Whether it was asked to stop.
    package let isStopped: Bool
    /// The nodes whose jobs failed, if no job that asks a model has ever been done; else none.
    package let fruitlessNodes: [String]

    /// Makes an outcome.
    package init(isStopped: Bool, fruitlessNodes: [String]) {
        self.isStopped = isStopped
        self.fruitlessNodes = fruitlessNodes
    }

    /// What a run has to answer for that ended by itself, for a person; `nil` if it has something to show.
    package var shortcoming: String? {
        guard !isStopped, !fruitlessNodes.isEmpty else { return nil }
        return "every job of \(fruitlessNodes.joined(separator: ", ")) failed; look at what the lines above say of it, "
            + "and start again: failed jobs are tried once more"
    }
}
