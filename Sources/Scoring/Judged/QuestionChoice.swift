import Elements
import Examples
import Hashing

/// Questions, and how they are to be put into calls.
struct QuestionSet {
    let questions: [Question]
    /// The number of questions in each call; `nil` for as many as the settings say.
    var calls: [Int]?
}

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

    /// The questions of every tier but the random one, to be put besides those that were chosen already.
    func tiers(from heldOut: HeldOutSet, besides questions: [Question], tokenDecoder: any TokenDecoder)
        -> [TierQuestions]
    {
        NegativeTier.allCases.filter { $0 != .random }.compactMap { tier in
            guard let draw = heldOut.tiers[tier] else { return nil }
            guard case .available(let windows) = draw else {
                return TierQuestions(tier: tier, windows: draw.count, questions: [], positives: nil)
            }
            return settings.method.type.questions(
                against: tier, windows, besides: questions, by: self, tokenDecoder: tokenDecoder)
        }
    }

    static func negative(_ negative: PoolWindow) -> Question {
        Question(
            identity: negative.window.identity, tokens: negative.window.tokens, marked: [], isPositive: false,
            block: nil, document: negative.document)
    }

    func mixed(_ questions: [Question]) -> [Question] {
        let order = SeededOrder(seed: seed, purpose: .questions)
        let mixed = order.sorted(questions, latent: latent) { $0.identity }
        return settings.stopping == nil ? mixed : paired(mixed, order: order)
    }

    /// As many of both classes as there are of the smaller one, each positive beside a random negative in random order.
    ///
    /// Each stop then finds as many of one class as of the other, give or take one, and the place in a call says nothing.
    private func paired(_ questions: [Question], order: SeededOrder) -> [Question] {
        zip(questions.filter(\.isPositive), questions.filter { !$0.isPositive }).flatMap { positive, negative in
            order.inEitherOrder(positive, negative, latent: latent)
        }
    }
}

extension SeededOrder {
    /// A positive and a negative, either of them first.
    func inEitherOrder(_ positive: Question, _ negative: Question, latent: Int) -> [Question] {
        let rank = rank(latent: latent, identity: positive.identity, variant: negative.identity.low)
        return rank & 1 == 0 ? [positive, negative] : [negative, positive]
    }
}
