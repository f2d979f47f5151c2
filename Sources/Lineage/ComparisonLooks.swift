import Elements

/// A score node's looks at comparisons: which are planned, which it owes, and which are left to a later process.
struct ComparisonLooks: Sendable {
    private struct Look: Hashable {
        let challenger: JobID
        let number: Int
    }

    /// Being scored, or scored.
    private var planned: Set<Look> = []
    /// Planned, but not to be carried out in this process.
    private var left: Set<Look> = []
    /// Planned, but failed for good.
    private var failed: Set<Look> = []
    private var owed: [Comparison] = []

    /// Whether a further look is owed at a comparison.
    var owesAny: Bool { !owed.isEmpty }

    /// Notes that a look is being planned.
    mutating func plan(_ comparison: Comparison) { planned.insert(look(comparison)) }

    /// Notes that a look was planned by an earlier process.
    mutating func resume(_ round: ScoringRound) { if let look = look(in: round) { planned.insert(look) } }

    /// Notes that a planned look is left to a later process.
    mutating func leave(_ round: ScoringRound) { if let look = look(in: round) { left.insert(look) } }

    /// Notes that a planned look has failed for good, so that the node abstains.
    mutating func abstain(_ round: ScoringRound) { if let look = look(in: round) { failed.insert(look) } }

    /// Whether a planned look has failed for good.
    func hasAbstained(_ comparison: Comparison) -> Bool { failed.contains(look(comparison)) }

    /// Whether a look has been planned.
    func hasPlanned(_ comparison: Comparison) -> Bool { planned.contains(look(comparison)) }

    /// Notes that a comparison is undecided, so that a further look is owed.
    mutating func owe(_ comparison: Comparison) { owed.append(comparison) }

    /// The comparisons of which a further look is owed; they count as looked at from now on.
    mutating func takeOwed() -> [Comparison] {
        defer { owed = [] }
        return owed
    }

    /// Whether a look that has no vote yet may come to one in this process.
    ///
    /// - Parameter isEnded: Whether nothing more comes to the node that could call for the look.
    func mayComeToAVote(_ comparison: Comparison, isEnded: Bool) -> Bool {
        let look = look(comparison)
        guard !left.contains(look) else { return false }
        return !isEnded || planned.contains(look) || owed.contains { self.look($0) == look }
    }

    private func look(_ comparison: Comparison) -> Look {
        Look(challenger: comparison.challenger.job, number: comparison.look)
    }

    private func look(in round: ScoringRound) -> Look? {
        round.contest.map { Look(challenger: $0, number: round.look) }
    }
}
