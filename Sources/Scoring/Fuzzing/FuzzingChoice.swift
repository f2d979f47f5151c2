import Elements
import Examples

extension QuestionChoice {
    /// Positives under their own marks, and for each a silent window of the same length under the very same marks.
    ///
    /// The two classes then have the same marks, one for one: number, run lengths and positions say nothing about the
    /// class. A positive without a partner is left out.
    func fuzzing(from heldOut: HeldOutSet, tokenDecoder: any TokenDecoder) -> [Question] {
        let positives = RankBlocks(of: heldOut.positives, count: settings.quantiles)
            .choose(settings.positives, latent: latent, seed: seed)
        var free = silentWindows(heldOut.negatives, tokenDecoder: tokenDecoder)
        var questions: [Question] = []
        for ranked in positives {
            let window = ranked.example.window
            let marks = MarkedTokens.marks(of: ranked.example)
            guard marks.contains(true) else { continue }
            let positive = Question(
                identity: window.identity, tokens: window.tokens, marked: marks, isPositive: true, block: ranked.block,
                document: ranked.example.document)
            guard let negative = takePartner(of: positive, from: &free) else { continue }
            questions += [positive, negative]
        }
        return mixed(questions)
    }

    /// For each positive a window of the tier under the very same marks; a positive without one counts not in it.
    func fuzzing(
        _ tier: NegativeTier, _ windows: [PoolWindow], besides questions: [Question], tokenDecoder: any TokenDecoder
    ) -> TierQuestions {
        var free = silentWindows(windows, tokenDecoder: tokenDecoder)
        let pairs = questions.filter(\.isPositive).compactMap { positive in
            takePartner(of: positive, from: &free).map { (positive.identity, $0) }
        }
        let positives = questions.count(where: \.isPositive)
        guard !pairs.isEmpty, pairs.count >= min(NegativeTier.fewest, positives) else {
            return TierQuestions(tier: tier, windows: pairs.count, questions: [], positives: nil)
        }
        return TierQuestions(
            tier: tier, windows: pairs.count, questions: mixed(pairs.map(\.1)), positives: pairs.map(\.0))
    }

    private func silentWindows(_ windows: [PoolWindow], tokenDecoder: any TokenDecoder) -> SilentWindows {
        SilentWindows(windows, latent: latent, seed: seed, tokenDecoder: tokenDecoder)
    }

    /// A silent window of the positive's length, under its marks.
    private func takePartner(of positive: Question, from free: inout SilentWindows) -> Question? {
        free.take(under: positive.marked, of: positive.identity, length: positive.tokens.count).map { silent in
            Question(
                identity: silent.window.identity, tokens: silent.window.tokens, marked: positive.marked,
                isPositive: false, block: positive.block, document: silent.document)
        }
    }
}
