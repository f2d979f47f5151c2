import Elements
import Hashing
import Lineage
import Store

/// The explanations of one latent that stand, their latest scores, and the jobs about it that failed or wait.
struct LatentResults {
    /// Every explanation that it has had.
    let history: LatentHistory
    /// The explanations that stand, by node.
    let explanations: [Explanation]
    /// The latest score of each by each node, and the latest control.
    let scores: [Score]
    /// The explanations with their scores.
    let labels: [SheetLabel]
    /// Jobs that were given up, the latest of each node, of those whose node has no result since.
    let failures: [SheetFailure]
    private let waiting: Set<JobKind>

    /// Reads what is stored; blocks.
    ///
    /// - Parameters:
    ///   - readsJobs: Whether jobs and pins are read as well, and what makes explanations stale; a latent that is only named
    ///     needs none.
    ///   - staleness: Why an explanation is due to be made again, given the pasts of latents by explain node.
    init(
        of key: LatentKey, in store: any StoreReading, readsJobs: Bool = true,
        staleness: (Explanation, _ pasts: ExplanationPasts) -> SheetStaleness? = { _, _ in nil }
    ) throws(StoreError) {
        let dated = try store.datedExplanations(of: key)
        let choices = try store.choices(latent: key)
        let pinned = readsJobs ? try store.pins(about: key) : []
        history = LatentHistory(explanations: dated, choices: choices)
        let every = try store.scores(coder: key.coder, latent: key.latent)
        let standing = StandingResults(
            explanations: dated.map(\.explanation), scores: every, choices: choices.map(\.choice))
        let pasts = readsJobs ? standing.pasts(scores: every, pinned: pinned) : [:]
        explanations = standing.explanations.sorted(by: Explanation.reads(_:before:))
        scores = standing.scores.sorted { ($0.node, $0.explainedBy) < ($1.node, $1.explainedBy) }
        let made = Dictionary(dated.map { ($0.explanation.job, $0.made) }) { first, _ in first }
        let scores = scores
        labels = explanations.map { explanation in
            let own = scores.filter { $0.control == nil && $0.explanation == explanation.job }
            return SheetLabel(
                explanation, made: made[explanation.job] ?? 0, isPinned: pinned.contains(explanation.job),
                stale: staleness(explanation, pasts),
                scores: own.map { SheetScore($0, among: scores) })
        }
        let jobs = readsJobs ? try store.unfinishedJobs(about: key) : []
        waiting = Set(jobs.filter { $0.state == .open }.map(\.job.kind))
        var latest: [String: JobRecord] = [:]
        for record in jobs where record.state == .failed {
            if let known = latest[record.job.node], known.updated >= record.updated { continue }
            latest[record.job.node] = record
        }
        failures = latest.values.sorted { $0.job.node < $1.job.node }.map { record in
            SheetFailure(
                node: record.job.node, kind: record.job.kind.rawValue, reason: record.reason ?? "",
                attempts: record.attempts, at: Timestamp.text(record.updated))
        }
    }

    /// How far the latent has come, given how often it fires.
    func state(_ activity: SheetActivity?) -> LatentState {
        LatentState(
            hasScore: labels.contains { !$0.scores.isEmpty }, hasExplanation: !labels.isEmpty,
            isStale: labels.contains { $0.stale != nil }, waits: waiting, hasFailed: !failures.isEmpty,
            tokensFired: activity?.tokensFired)
    }
}

extension Explanation {
    /// Whether one is read before another of the same latent: what a person wrote comes first, then what a model wrote, what was
    /// counted, and what says nothing last.
    static func reads(_ one: Explanation, before other: Explanation) -> Bool {
        func rank(_ explanation: Explanation) -> Int {
            if explanation.text.isEmpty { return 3 }
            if explanation.provenance.origin == Provenance.human { return 0 }
            return explanation.provenance.model == nil ? 2 : 1
        }
        return (rank(one), one.node) < (rank(other), other.node)
    }
}

extension LatentState {
    /// The furthest that a latent has come.
    ///
    /// - Parameters:
    ///   - isStale: Whether an explanation that stands is due to be made again.
    ///   - waits: The kinds of jobs about it that are still to be done.
    ///   - tokensFired: `nil` if no evidence is known.
    init(
        hasScore: Bool, hasExplanation: Bool, isStale: Bool, waits: Set<JobKind>, hasFailed: Bool, tokensFired: UInt64?
    ) {
        if hasScore {
            self = isStale ? .stale : .scored
        } else if hasExplanation {
            self = waits.contains(.score) ? .scoring : hasFailed ? .failed : isStale ? .stale : .unscored
        } else if waits.contains(.explain) {
            self = .queued
        } else if hasFailed {
            self = .failed
        } else {
            self = tokensFired == 0 ? .dead : .collecting
        }
    }
}
