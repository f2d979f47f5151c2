import Elements

/// Looks for the few terms that best tell the windows in which a latent fires from those in which it is silent.
///
/// Positives are the latent's train sample and the train-side pool windows in which it fires; negatives the train-side
/// pool windows in which it is silent. Terms are added one by one, then exchanged one by one, by how much they raise
/// the balanced accuracy less a penalty.
///
/// A term must newly cover `support` positives. The penalty of one that newly covers `c` of `P` positives is
/// `caution * sqrt(c + 1) / P`, so many standard errors of its gain: what examples share by chance is not taken. Where
/// the search is doubtful, `doubt * sqrt(w + 1) / N` is charged too for the `w` of `N` windows covered wrongly.
struct LexicalSearch {
    private let candidates: LexicalCandidates
    private let settings: LexicalSettings
    private var cover: LexicalCover
    private var chosen: [Int] = []
    /// Whether what a term covers wrongly is charged for doubt too.
    private let isDoubtful: Bool

    /// Searches; `chosenTerms` then has what was found.
    init(candidates: LexicalCandidates, settings: LexicalSettings, isDoubtful: Bool = false) {
        self.isDoubtful = isDoubtful
        self.candidates = candidates
        self.settings = settings
        cover = LexicalCover(candidates: candidates)
        guard candidates.positiveCount > 0, candidates.negativeCount > 0 else { return }
        while chosen.count < settings.maximumTerms, let next = best() {
            cover.choose(next.position)
            chosen.append(next.position)
        }
        for _ in 0..<settings.exchanges {
            guard exchange() else { break }
        }
    }

    /// The numbers of the terms, in the order they were taken; empty if none is better than chance.
    var chosenTerms: [Int32] { chosen.map { candidates.terms[$0] } }

    /// `[windows]`: whether a chosen term covers the window.
    var covered: [Bool] {
        var covered = [Bool](repeating: false, count: candidates.isPositive.count)
        for position in chosen { for window in candidates.windows[position] { covered[Int(window)] = true } }
        return covered
    }

    private mutating func exchange() -> Bool {
        var isChanged = false
        for place in chosen.indices {
            let current = chosen[place]
            cover.drop(current)
            // A term must be clearly better, or rounding could exchange two equals for ever.
            if let next = best(except: place), next.value > value(of: current) + 1e-9 {
                chosen[place] = next.position
                isChanged = true
            }
            cover.choose(chosen[place])
        }
        return isChanged
    }

    private func value(of position: Int) -> Double {
        guard cover.found[position] >= settings.support else { return 0 }
        let positives = Double(candidates.positiveCount)
        let found = Double(cover.found[position])
        var penalty = settings.caution * (found + 1).squareRoot() / positives
        if isDoubtful {
            penalty +=
                settings.doubt * Double(cover.wrong[position] + 1).squareRoot() / Double(candidates.negativeCount)
        }
        return found / positives - Double(cover.wrong[position]) / Double(candidates.negativeCount) - penalty
    }

    /// The term of the largest positive value that is not chosen; the one at `place` counts as not chosen.
    private func best(except place: Int? = nil) -> (position: Int, value: Double)? {
        var best: (position: Int, value: Double)?
        for position in candidates.terms.indices {
            let value = value(of: position)
            guard value > max(best?.value ?? 0, 0) else { continue }
            if let taken = chosen.firstIndex(of: position), taken != place { continue }
            best = (position, value)
        }
        return best
    }
}
