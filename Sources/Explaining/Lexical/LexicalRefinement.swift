import Elements

/// Narrows a set of terms by a second and a third: windows that hold one of the first set, and one, or none, of another.
///
/// Each step is kept only if it raises the balanced accuracy on the train side by more than `clauseCost` and the
/// doubt about what it changes.
struct LexicalRefinement {
    /// The clauses chosen, the first one first.
    private(set) var clauses: [LexicalClause]

    private let trial: LexicalTrial
    private let settings: LexicalSettings
    private let context: LexicalContext
    /// `[windows]`: whether all clauses hold.
    private var mask: [Bool]

    init(_ first: LexicalSearch, candidates: LexicalCandidates, trial: LexicalTrial, settings: LexicalSettings) {
        self.trial = trial
        self.settings = settings
        context = LexicalContext(of: trial)
        mask = first.covered
        let vocabulary = trial.index.vocabulary
        clauses = [LexicalClause(first.chosenTerms.map { candidates.term($0, in: vocabulary) })]
        guard !first.chosenTerms.isEmpty else { return }
        while clauses.count < settings.maximumClauses, narrow() {}
    }

    /// How much better than chance all clauses together tell on the train side: balanced accuracy, doubled, less 1.
    var value: Double {
        var (found, wrong) = (0, 0)
        for window in mask.indices where mask[window] {
            if trial.isPositive[window] { found += 1 } else { wrong += 1 }
        }
        return Double(found) / Double(max(trial.positiveCount, 1)) - Double(wrong) / Double(max(trial.negativeCount, 1))
    }

    private mutating func narrow() -> Bool {
        var best: (gain: Double, clause: LexicalClause, mask: [Bool])?
        let (asked, banned) = context.candidates(within: mask, limit: settings.contextCandidates)
        var narrowing = settings
        narrowing.maximumTerms = settings.contextTerms
        narrowing.exchanges = 0
        for (candidates, isNegated) in [(asked, false), (banned, true)] {
            guard !candidates.terms.isEmpty else { continue }
            let search = LexicalSearch(candidates: candidates, settings: narrowing, isDoubtful: isNegated)
            guard !search.chosenTerms.isEmpty else { continue }
            let covered = search.covered
            let held = covered.indices.map { mask[$0] && covered[$0] != isNegated }
            let gain = gain(from: mask, to: held)
            if gain > max(best?.gain ?? 0, 0) {
                let terms = search.chosenTerms.map { candidates.term($0, in: trial.index.vocabulary) }
                best = (gain, LexicalClause(terms, isNegated: isNegated), held)
            }
        }
        guard let best else { return false }
        clauses.append(best.clause)
        mask = best.mask
        return true
    }

    /// How much balanced accuracy, doubled, a narrower mask is worth more than a wider one.
    private func gain(from wide: [Bool], to narrow: [Bool]) -> Double {
        var lost = 0
        var removed = 0
        for window in wide.indices where wide[window] && !narrow[window] {
            if trial.isPositive[window] { lost += 1 } else { removed += 1 }
        }
        let positives = Double(trial.positiveCount)
        let negatives = Double(trial.negativeCount)
        let doubt = Double(lost + 1).squareRoot() / positives + Double(removed + 1).squareRoot() / negatives
        return Double(removed) / negatives - Double(lost) / positives - settings.doubt * doubt - settings.clauseCost
    }
}
