import Elements
import Examples

extension QuestionChoice {
    /// Positives under their own marks, and for each a silent window of the same length under the very same marks.
    ///
    /// The two classes then have the same marks, one for one: number, run lengths and positions say nothing about the
    /// class. A positive without a partner is left out. What is asked by lists is put into calls in which what recurs says
    /// nothing about it either.
    func fuzzing(from heldOut: HeldOutSet, tokenDecoder: any TokenDecoder) -> QuestionSet {
        let positives = RankBlocks(of: heldOut.positives, count: settings.quantiles)
            .choose(settings.positives, latent: latent, seed: seed)
            .compactMap { ranked -> Question? in
                let (window, marks) = (ranked.example.window, MarkedTokens.marks(of: ranked.example))
                guard marks.contains(true) else { return nil }
                return Question(
                    identity: window.identity, tokens: window.tokens, marked: marks, isPositive: true,
                    block: ranked.block, document: ranked.example.document)
            }
        var free = silentWindows(heldOut.negatives, tokenDecoder: tokenDecoder)
        if settings.form == .list, settings.examplesPerPrompt > 1 {
            var calls = MirroredCalls(
                size: settings.examplesPerPrompt, isPaired: settings.stopping != nil, latent: latent, seed: seed,
                tokenDecoder: tokenDecoder)
            calls.pair(positives, from: &free)
            return QuestionSet(questions: calls.questions, calls: calls.sizes)
        }
        let pairs = positives.compactMap { positive in free.partner(of: positive).map { [positive, $0] } }
        return QuestionSet(questions: mixed(pairs.flatMap(\.self)))
    }

    /// For each positive a window of the tier under the very same marks; a positive without one counts not in it.
    func fuzzing(
        _ tier: NegativeTier, _ windows: [PoolWindow], besides questions: [Question], tokenDecoder: any TokenDecoder
    ) -> TierQuestions {
        var free = silentWindows(windows, tokenDecoder: tokenDecoder)
        let pairs = questions.filter(\.isPositive).compactMap { positive in
            free.partner(of: positive).map { (positive.identity, $0) }
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
}
