import Elements
import Synchronization

/// A score node's part in the successions of the explain nodes that it reads.
final class ContestDesk: Sendable {
    private let node: String
    private let successions: Successions
    private let sheet: Mutex<ContestSheet>
    private let before: Mutex<[Score]>

    /// Opens a desk with what the node has scored before.
    ///
    /// It is opened before anything runs: what has fallen is known by then to the explain nodes, however fast they are.
    init(node: String, successions: Successions, scores: [Score]) {
        self.node = node
        self.successions = successions
        before = Mutex(scores)
        let sheet = ContestSheet(node: node, scores: scores)
        self.sheet = Mutex(sheet)
        for fall in sheet.falls { note(fall) }
    }

    /// What the node had scored before; given away once, so that it is not kept.
    func takeScores() -> [Score] {
        before.withLock { scores in
            defer { scores = [] }
            return scores
        }
    }

    /// An explanation that stands and what challenges it.
    struct Pair: Sendable, Hashable {
        let standing: Explanation
        let challenger: Explanation
    }

    /// Explanations that challenge another, with those, and the rest.
    func parted(_ explanations: [Explanation]) -> (contests: [Pair], others: [Explanation]) {
        var contests: [Pair] = []
        var others: [Explanation] = []
        for explanation in explanations {
            if explanation.provenance.again == nil {
                others.append(explanation)
            } else if let pair = successions[explanation.node]?.with({ $0.contest(of: explanation) }) {
                contests.append(Pair(standing: pair.standing, challenger: pair.challenger))
            } else if successions[explanation.node]?.with({ $0.stands(explanation) }) ?? true {
                others.append(explanation)
            }
        }
        return (contests, others)
    }

    /// The contests in which both are still to be scored, and the choices made where the node has no more to say.
    ///
    /// What it scored before a restart counts; it abstains where it does not take an explanation.
    func opened(
        _ contests: [Pair], where takes: (Explanation) -> Bool, compares: (Pair) -> Bool = { _ in true }
    ) -> (pairs: [Pair], choices: [Choice]) {
        var pairs: [Pair] = []
        var choices: [Choice] = []
        for pair in contests {
            if let part = sheet.withLock({ $0.part(of: pair.challenger) }) {
                if let choice = report(part) { choices.append(choice) }
            } else if takes(pair.standing), takes(pair.challenger), compares(pair) {
                pairs.append(pair)
            } else if let choice = abstain(from: pair.challenger) {
                choices.append(choice)
            }
        }
        return (pairs, choices)
    }

    /// The choices that come of abstaining from those contests of some wishes that did not come twice in `found`: both
    /// explanations could not be scored.
    func abstentions(_ found: [JobID], of wishes: [HeldOutScoring.Wish]) -> [Choice] {
        let counts = found.reduce(into: [JobID: Int]()) { $0[$1, default: 0] += 1 }
        return wishes.compactMap { wish -> Choice? in
            guard let contest = wish.round?.contest, contest == wish.explanation.job, counts[contest] ?? 0 < 2 else {
                return nil
            }
            return abstain(from: wish.explanation)
        }
    }

    /// Puts what has been replaced since into a book; returns those among the new that the node has not scored.
    func followed(by book: inout ScoringBook) -> [Explanation] {
        book.explainers.flatMap { explainer -> [Explanation] in
            let count = book.follow(explainer)
            guard let news = successions[explainer]?.with({ Array($0.replacements.dropFirst(count)) }) else {
                return []
            }
            _ = book.follow(explainer, news.count)
            return news.compactMap { book.replace($0) }
        }
    }

    /// Takes in scores that are on disk; returns the choices that they bring about.
    func note(_ scores: [Score]) -> [Choice] {
        scores.compactMap { score in
            let (part, fall) = sheet.withLock { $0.note(score) }
            if let fall { note(fall) }
            return part.flatMap(report)
        }
    }

    /// Abstains from a contest; returns the choice where the node was the last that had not spoken.
    func abstain(from challenger: Explanation) -> Choice? {
        abstain(
            from: challenger.job, explainedBy: challenger.node, of: challenger.latent,
            epoch: challenger.provenance.epoch)
    }

    /// Abstains from the contest of a challenger.
    func abstain(from challenger: JobID, explainedBy explainer: String, of latent: Int, epoch: UInt64) -> Choice? {
        report(
            ContestSheet.Part(
                explainedBy: explainer, latent: latent, challenger: challenger, epoch: epoch,
                scores: PairedScore(node: node, standing: nil, challenger: nil)))
    }

    private func report(_ part: ContestSheet.Part) -> Choice? {
        successions[part.explainedBy]?.with {
            $0.report(part.scores, on: part.challenger, of: part.latent, epoch: part.epoch)
        }
    }

    private func note(_ fall: ContestSheet.Fall) {
        successions[fall.explainedBy]?.with {
            $0.noteFallen(fall.explanation, of: fall.latent, isFallen: fall.isFallen)
        }
    }
}
