import Dataflow
import Elements
import Scoring

/// Scores explanations without a judge as they come, and each on another latent's windows too, as a control.
struct HeldOutScoring: Sendable {
    /// An explanation, and the one that decides on whose windows it is scored and what of them is held out.
    struct Wish: Sendable {
        let explanation: Explanation
        let own: Explanation
        let control: String?
        /// The evidence that the score will rest on; `nil` for a control.
        var round: ScoringRound?
        /// Explanations that are scored on the same windows.
        var besides: [Explanation] = []
    }

    let node: String
    let latents: Set<Int>
    let seed: UInt64
    /// Explanations whose scores are written down together.
    let chunk: Int
    /// When explanations are scored again.
    let rounds: RoundRule
    let desk: ContestDesk
    let pools: PoolShelf
    let ledger: JobLedger
    let compute: ComputePool<Void>
    let stop: StopSignal
    /// Lets go of what the node alone knows that it used, once it is through.
    let close: @Sendable () async -> Void

    /// Sends the scores of the explanations that `takes` wants, as `scores` makes them.
    func run(
        from input: InputPort<ExplanationBatch>, into output: OutputPort<ScoreBatch>,
        where takes: @escaping @Sendable (Explanation) -> Bool = { _ in true },
        by scores: @escaping @Sendable ([Wish], EvidenceUpdate, NegativePool) async throws -> [Score]
    ) async throws {
        let before = desk.takeScores()
        var book = ScoringBook(latents: latents, seed: seed, limit: .max, scores: before)
        var latest: EvidenceUpdate?
        func score(_ wishes: [Wish]) async throws {
            guard let update = latest, !wishes.isEmpty else { return }
            let pool = try await pools.negatives(of: update)
            // The two scores of a contest are neighbours: an even number keeps them in one transaction.
            for chunk in wishes.chunks(of: max(2, chunk - chunk % 2)) where !stop.isRaised {
                let scores = noted(try await scores(chunk, update, pool), in: chunk)
                book.note(chunk)
                for score in scores {
                    book.note(
                        score.explanation, of: score.explainedBy, latent: score.latent, control: score.control,
                        round: score.round)
                }
                try await ledger.record(scores, by: node)
                try await output.send(.batch(ScoreBatch(scores: scores, node: node)))
                try await ledger.record(desk.note(scores))
                // What a stop has kept from being scored comes again at the next start.
                guard !stop.isRaised else { return }
                try await ledger.record(desk.abstentions(scores.compactMap(\.round?.contest), of: chunk))
            }
        }
        func settle() async throws {
            guard let latest, !stop.isRaised else { return }
            try await score(try await Wish.wishes(desk.followed(by: &book), on: latest, by: compute))
            try await score(
                book.controls().map { Wish(explanation: $0.other, own: $0.own, control: Shuffle.name) })
            try await ledger.noteSkipped(
                by: node, of: latents, coverage: book.coverage, view: latest.view, compute: compute)
        }
        for try await flow in input {
            guard case .batch(let batch) = flow else { continue }
            if book.isComplete(before: batch) { try await settle() }
            latest = batch.update
            let (contests, others) = desk.parted(batch.explanations)
            let fresh = desk.followed(by: &book) + book.take(others.filter(takes))
            try await score(try await Wish.wishes(fresh, on: batch.update, by: compute))
            let (pairs, choices) = desk.opened(contests) { latents.contains($0.latent) && takes($0) }
            try await ledger.record(choices)
            try await score(
                try await Wish.wishes(
                    pairs.flatMap { [$0.standing, $0.challenger] }, on: batch.update, in: pairs, by: compute))
            if !stop.isRaised {
                try await output.send(
                    .batch(ScoreBatch(scores: [], node: node, considered: batch.explanations.map(\.job))))
            }
            // Behind the explanations of the same evidence: a contest is a round too.
            guard batch.explanations.isEmpty else { continue }
            let due = try await book.looked(for: batch.update, by: rounds, on: compute)
            book = due.book
            try await score(
                try await Wish.wishes(due.explanations.filter(takes), on: batch.update, by: compute))
        }
        try await settle()
        await close()
        await pools.closed(by: node)
    }

    /// Scores under the names that their jobs have in their rounds.
    private func noted(_ scores: [Score], in wishes: [Wish]) -> [Score] {
        struct Key: Hashable {
            let explanation: JobID
            let latent: Int
            let control: String?
        }
        let rounds = Dictionary(
            wishes.map { (Key(explanation: $0.explanation.job, latent: $0.own.latent, control: $0.control), $0.round) }
        ) { first, _ in first }
        return scores.map { score in
            let key = Key(explanation: score.explanation, latent: score.latent, control: score.control)
            return (rounds[key] ?? nil).map { score.noted(in: $0) } ?? score
        }
    }
}

extension HeldOutScoring.Wish {
    /// The wishes of scoring explanations on what their latents' evidence is now; those of contests two by two.
    static func wishes(
        _ explanations: [Explanation], on update: EvidenceUpdate, in contests: [ContestDesk.Pair] = [],
        by compute: ComputePool<Void>
    ) async throws -> [Self] {
        guard !explanations.isEmpty else { return [] }
        return try await compute.run { _ in wishes(explanations, on: update, in: contests) }
    }

    private static func wishes(
        _ explanations: [Explanation], on update: EvidenceUpdate, in contests: [ContestDesk.Pair]
    ) -> [Self] {
        struct Key: Hashable {
            let node: String
            let latent: Int
        }
        let pairs = Dictionary(
            contests.map { (Key(node: $0.challenger.node, latent: $0.challenger.latent), $0) }
        ) { first, _ in first }
        return explanations.map { explanation in
            let pair = pairs[Key(node: explanation.node, latent: explanation.latent)]
            return Self(
                explanation: explanation, own: explanation, control: nil,
                round: ScoringRound(
                    of: update.view.evidence(of: explanation.latent), epoch: update.epoch,
                    contest: pair?.challenger.job),
                besides: pair.map { [$0.standing, $0.challenger] } ?? [])
        }
    }
}

extension ScoringBook {
    /// The explanations that are due to be scored again, and the book that has noted that it was asked.
    func looked(
        for update: EvidenceUpdate, by rounds: RoundRule, on compute: ComputePool<Void>
    ) async throws -> (book: ScoringBook, explanations: [Explanation]) {
        guard rounds.isActive else { return (self, []) }
        return try await compute.run { _ in
            var book = self
            return (book, book.due(on: update, by: rounds))
        }
    }
}
