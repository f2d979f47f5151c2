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
            .map { negative in
                Question(
                    identity: negative.window.identity, tokens: negative.window.tokens, marked: [], isPositive: false,
                    block: nil, document: negative.document)
            }
        return mixed(positives + negatives)
    }

    /// Positives under their own marks, and for each a silent window of the same length under the very same marks.
    ///
    /// The two classes then have the same marks, one for one: number, run lengths and positions say nothing about the
    /// class. A positive without a partner is left out.
    func fuzzing(from heldOut: HeldOutSet, text: any TokenText) -> [Question] {
        let positives = RankBlocks(of: heldOut.positives, count: settings.quantiles)
            .choose(settings.positives, latent: latent, seed: seed)
        let order = SeededOrder(seed: seed, purpose: .marks)
        var free = Dictionary(grouping: heldOut.negatives, by: \.window.tokens.count)
        var questions: [Question] = []
        for ranked in positives {
            let window = ranked.example.window
            let marks = MarkedTokens.marks(of: ranked.example)
            guard let candidates = free[window.tokens.count], marks.contains(true) else { continue }
            let best = candidates.indices
                .map { index in
                    let identity = candidates[index].window.identity
                    return (order.rank(latent: latent, identity: identity, variant: window.identity.low), index)
                }
                .sorted { $0 < $1 }
                .first { isMarkable(candidates[$0.1].window.tokens, marks: marks, text: text) }?.1
            guard let best else { continue }
            free[window.tokens.count]?.remove(at: best)
            questions.append(
                Question(
                    identity: window.identity, tokens: window.tokens, marked: marks, isPositive: true,
                    block: ranked.block, document: ranked.example.document))
            let silent = candidates[best]
            questions.append(
                Question(
                    identity: silent.window.identity, tokens: silent.window.tokens, marked: marks, isPositive: false,
                    block: ranked.block, document: silent.document))
        }
        return mixed(questions)
    }

    /// Whether every marked token shows as something: one that does not would give a wrong mark away.
    private func isMarkable(_ tokens: [UInt32], marks: [Bool], text: any TokenText) -> Bool {
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
