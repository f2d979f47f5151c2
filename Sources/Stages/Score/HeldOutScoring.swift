package import Dataflow
package import Elements
import Jobs
package import Lineage
package import Scoring

/// Scores explanations without a judge, a chunk at a time.
package struct HeldOutScoring: ScoreWork {
    package let context: ScoringContext
    package let output: OutputPort<ScoreBatch>
    package let chunk: Int
    /// Scores requests on a view and its negatives; requests that cannot be scored are left out, and `nil` stands for
    /// all of them being left to a later process.
    package let scores: @Sendable ([ScoreRequest], EvidenceUpdate, NegativePool) async throws -> [Score]?

    package init(
        context: ScoringContext, output: OutputPort<ScoreBatch>, chunk: Int,
        scores: @escaping @Sendable ([ScoreRequest], EvidenceUpdate, NegativePool) async throws -> [Score]?
    ) {
        self.context = context
        self.output = output
        // The two scores of a comparison are neighbours: an even number keeps them in one transaction.
        self.chunk = max(2, chunk - chunk % 2)
        self.scores = scores
    }

    package var isDoneAtOnce: Bool { true }
    package var beginsAfterStop: Bool { false }

    /// Scores all explanations that come.
    package func run(from input: InputPort<ExplanationBatch>) async throws {
        defer { _ = context.lineage.tell(.closed, at: context.node) }
        var driver = ScoreNodeDriver(context, work: self)
        for try await flow in input {
            if case .batch(let batch) = flow { try await driver.receive(.explanations(batch)) }
        }
        try await driver.end()
    }

    package func make(
        _ requests: [ScoreRequest], on update: EvidenceUpdate
    ) async throws -> (product: [Score], scores: [PlannedScore])? {
        var made: [Score] = []
        // Each part of the windows has negatives of its own; the two scores of a comparison are of one part.
        for part in WindowPart.every {
            let own = requests.filter { $0.part == part }
            guard !own.isEmpty else { continue }
            let pool = try await context.pools.negatives(of: update, part: part)
            guard let scores = try await scores(own, update, pool) else { return nil }
            made += noted(scores, in: own)
        }
        return (made, made.map(PlannedScore.init))
    }

    package func commit(_ scores: [Score], fulfilling asked: [RequestID]) async throws {
        try await context.jobStore.record(scores, by: context.node, fulfilling: asked)
        try await output.send(.scores(scores, node: context.node))
        try await context.decide(on: .recorded(scores))
    }

    package func passOn(_ considered: [JobID]) async throws {
        try await output.send(.considered(considered, node: context.node))
    }

    package func wakeReaders() async throws { try await output.send(.considered([], node: context.node)) }

    /// Scores under the names that their jobs have in their rounds.
    private func noted(_ scores: [Score], in requests: [ScoreRequest]) -> [Score] {
        struct Key: Hashable {
            let explanation: JobID
            let latent: Int
            let control: String?
        }
        let rounds = Dictionary(
            requests.map {
                (Key(explanation: $0.explanation.job, latent: $0.own.latent, control: $0.control), $0.round)
            }
        ) { first, _ in first }
        return scores.map { score in
            let key = Key(explanation: score.explanation, latent: score.latent, control: score.control)
            return (rounds[key] ?? nil).map { score.noted(in: $0) } ?? score
        }
    }
}
