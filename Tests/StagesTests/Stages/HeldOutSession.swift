import Dataflow
import Elements
import Evidence
import Explaining
import Lineage
import Observability
import Running
import Scoring
import StateFixtures
import Store

@testable import Stages

/// A score node that asks no judge, as one process on a state directory.
struct HeldOutSession {
    let store: Store
    let stop = StopSignal()
    let progress = RunProgress()
    private let lineage = SharedLineage()
    private let compute = ComputePool<Void>(name: "compute", threads: 1)
    private let leases: [Lease]

    init(_ directory: TemporaryDirectory, needsPredicate: Bool = false, leases: [Lease] = []) throws {
        store = try directory.store()
        self.leases = leases
        var settings = ScoreNodeSettings(node: "scored", latents: [0, 1, 2, 3], seed: 7, control: Shuffle.name)
        settings.needsPredicate = needsPredicate
        let (chosen, scores) = (settings, try store.scores(of: "scored"))
        lineage.with {
            $0.restore(explainer: "lexical", rule: ReexplanationRule(), explanations: [], choices: [])
            $0.restore(scorer: chosen, reading: ["lexical"], scores: scores)
        }
    }

    var context: ScoringContext {
        ScoringContext(
            node: "scored", latents: [0, 1, 2, 3], overlap: .drop, seed: 7, tiers: nil, lineage: lineage,
            pools: PoolCache(compute: compute), jobStore: Fixture.jobStore(store, progress: progress), compute: compute,
            width: 1, stop: stop, timers: StageTimers(node: "scored"), leases: leases)
    }

    /// What is told: the scores, and the explanations that the node is through with.
    typealias Told = (scores: [Score], considered: [JobID])

    private func told(by stage: some Stage<ExplanationBatch, ScoreBatch>, _ batches: [ExplanationBatch]) async throws
        -> Told
    {
        var told: Told = ([], [])
        for case .batch(let batch) in try await results(of: stage, given: batches.map { .batch($0) }) {
            switch batch {
            case .scores(let scores, _): told.scores += scores
            case .considered(let jobs, _): told.considered += jobs
            }
        }
        return told
    }

    func embed(_ batches: [ExplanationBatch], by embedder: any TextEmbedder) async throws -> Told {
        try await told(
            by: EmbeddingStage(
                context: context, examples: 8, tokenizer: PlantedWords(), source: EmbeddingSource(embedder: embedder)),
            batches)
    }

    func execute(_ batches: [ExplanationBatch]) async throws -> Told {
        try await told(
            by: ExecutionStage(
                context: context, vocabulary: LexicalVocabulary(tokenDecoder: PlantedWords()),
                tokenDecoder: PlantedWords()), batches)
    }
}
