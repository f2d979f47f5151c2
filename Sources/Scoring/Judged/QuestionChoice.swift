import Elements
import Hashing
import Inference

/// Chooses what a judge is asked about a latent.
struct QuestionChoice {
    let latent: Int
    let seed: UInt64
    let settings: JudgedSettings

    /// Positives evenly from all blocks of rank and as random negatives as there are, in an order that tells nothing.
    func detection(from heldOut: HeldOutSet) -> [Question] {
        let positives = RankBlocks(of: heldOut.positives, count: settings.quantiles)
            .choose(settings.positives, latent: latent, seed: seed)
            .map { ranked in
                Question(
                    identity: ranked.example.window.identity, tokens: ranked.example.window.tokens, marked: [],
                    isPositive: true, block: ranked.block, document: ranked.example.document)
            }
        let negatives = SeededOrder(seed: seed, purpose: .negatives)
            .sorted(heldOut.negatives, latent: latent) { $0.window.identity }
            .prefix(max(settings.negatives, 0))
            .map(Self.negative)
        return mixed(positives + negatives)
    }

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

    /// The questions of every tier but the random one, to be put besides those that were chosen already.
    func tiers(from heldOut: HeldOutSet, besides questions: [Question], text: any TokenText) -> [TierQuestions] {
        NegativeTier.allCases.filter { $0 != .random }.compactMap { tier in
            guard let draw = heldOut.tiers[tier] else { return nil }
            guard case .available(let windows) = draw else {
                return TierQuestions(tier: tier, windows: draw.count, questions: [], positives: nil)
            }
            switch settings.method {
            case .detection:
                let negatives = windows.prefix(max(settings.negatives, 0)).map(Self.negative)
                return TierQuestions(
                    tier: tier, windows: negatives.count, questions: mixed(negatives), positives: nil)
            case .fuzzing: return fuzzing(tier, windows, besides: questions, text: text)
            }
        }
    }

    /// For each positive a window of the tier under the very same marks; a positive without one counts not in it.
    private func fuzzing(
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

    private static func negative(_ negative: PoolWindow) -> Question {
        Question(
            identity: negative.window.identity, tokens: negative.window.tokens, marked: [], isPositive: false,
            block: nil, document: negative.document)
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

    /// Whether every marked token shows as something: one that does not would give a wrong mark away.
    static func isMarkable(_ tokens: [UInt32], marks: [Bool], text: any TokenText) -> Bool {
        zip(tokens, marks).allSatisfy { token, isMarked in
            !isMarked || (!text.isSpecial(token) && !text.bytes(of: token).isEmpty)
        }
    }

    private func mixed(_ questions: [Question]) -> [Question] {
        let order = SeededOrder(seed: seed, purpose: .questions)
        let mixed = order.sorted(questions, latent: latent) { $0.identity }
        return settings.stopping == nil ? mixed : paired(mixed, order: order)
    }

    /// As many of both classes as there are of the smaller one, each positive beside a random negative in random order.
    ///
    /// Each stop then finds as many of one class as of the other, give or take one, and the place in a call says nothing.
    private func paired(_ questions: [Question], order: SeededOrder) -> [Question] {
        zip(questions.filter(\.isPositive), questions.filter { !$0.isPositive }).flatMap { positive, negative in
            let rank = order.rank(latent: latent, identity: positive.identity, variant: negative.identity.low)
            return rank & 1 == 0 ? [positive, negative] : [negative, positive]
        }
    }
}
