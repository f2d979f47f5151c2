/// How many examples of each kind a sheet has at most.
package struct ExampleCounts: Sendable, Hashable {
    /// The strongest.
    package var top = 20
    /// Of each tenth.
    package var perTenth = 2
    /// Drawn at random.
    package var random = 10
    /// Silent ones of each tier.
    package var perTier = 6
    /// Of those shown to an explainer.
    package var shown = 12
    /// Of those asked of a judge.
    package var judged = 40

    /// The usual numbers.
    package init() {}

    /// At most so many of each kind.
    package static func each(_ count: Int) -> ExampleCounts {
        var counts = ExampleCounts()
        counts.top = count
        counts.perTenth = max(1, count / 10)
        counts.random = count
        counts.perTier = count
        counts.shown = count
        counts.judged = count
        return counts
    }
}
