import Elements
import Examples
import Hashing

extension QuestionChoice {
    /// Positives under their own marks, and for each a silent window of the same length under the very same marks.
    ///
    /// The two classes then have the same marks, one for one: number, run lengths and positions say nothing about the
    /// class. A positive without a partner is left out.
    func fuzzing(from heldOut: HeldOutSet, text: any TokenText) -> [Question] {
        let positives = RankBlocks(of: heldOut.positives, count: settings.quantiles)
            .choose(settings.positives, latent: latent, seed: seed)
        var partners = Partners(of: heldOut.negatives)
        var questions: [Question] = []
        for ranked in positives {
            let window = ranked.example.window
            let marks = MarkedTokens.marks(of: ranked.example)
            guard marks.contains(true) else { continue }
            let positive = Question(
                identity: window.identity, tokens: window.tokens, marked: marks, isPositive: true, block: ranked.block,
                document: ranked.example.document)
            guard let negative = takePartner(of: positive, from: &partners, text: text) else { continue }
            questions += [positive, negative]
        }
        return mixed(questions)
    }

    /// For each positive a window of the tier under the very same marks; a positive without one counts not in it.
    func fuzzing(
        _ tier: NegativeTier, _ windows: [PoolWindow], besides questions: [Question], text: any TokenText
    ) -> TierQuestions {
        var partners = Partners(of: windows)
        let pairs = questions.filter(\.isPositive).compactMap { positive in
            takePartner(of: positive, from: &partners, text: text).map { (positive.identity, $0) }
        }
        let positives = questions.count(where: \.isPositive)
        guard !pairs.isEmpty, pairs.count >= min(NegativeTier.fewest, positives) else {
            return TierQuestions(tier: tier, windows: pairs.count, questions: [], positives: nil)
        }
        return TierQuestions(
            tier: tier, windows: pairs.count, questions: mixed(pairs.map(\.1)), positives: pairs.map(\.0))
    }

    /// Silent windows that have not been paired yet, by length.
    private struct Partners {
        var free: [Int: [PoolWindow]]

        init(of windows: [PoolWindow]) { free = Dictionary(grouping: windows, by: \.window.tokens.count) }
    }

    /// A silent window of the positive's length, under its marks.
    private func takePartner(of positive: Question, from partners: inout Partners, text: any TokenText) -> Question? {
        guard let candidates = partners.free[positive.tokens.count] else { return nil }
        let order = SeededOrder(seed: seed, purpose: .marks)
        let best = candidates.indices
            .map { index in
                let identity = candidates[index].window.identity
                return (order.rank(latent: latent, identity: identity, variant: positive.identity.low), index)
            }
            .sorted { $0 < $1 }
            .first { Self.isMarkable(candidates[$0.1].window.tokens, marks: positive.marked, text: text) }?.1
        guard let best else { return nil }
        partners.free[positive.tokens.count]?.remove(at: best)
        let silent = candidates[best]
        return Question(
            identity: silent.window.identity, tokens: silent.window.tokens, marked: positive.marked,
            isPositive: false, block: positive.block, document: silent.document)
    }
}
