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
    /// - Parameter readsJobs: Whether jobs are read as well; a latent that is only named needs none.
    init(of key: LatentKey, in store: any StoreReading, readsJobs: Bool = true) throws(StoreError) {
        let dated = try store.datedExplanations(of: key)
        let choices = try store.choices(latent: key)
        history = LatentHistory(explanations: dated, choices: choices)
        let standing = StandingResults(
            explanations: dated.map(\.explanation), scores: try store.scores(coder: key.coder, latent: key.latent),
            choices: choices.map(\.choice))
        explanations = standing.explanations.sorted(by: Explanation.reads(_:before:))
        scores = standing.scores.sorted { ($0.node, $0.explainedBy) < ($1.node, $1.explainedBy) }
        let made = Dictionary(dated.map { ($0.explanation.job, $0.made) }) { first, _ in first }
        let scores = scores
        labels = explanations.map { explanation in
            let own = scores.filter { $0.control == nil && $0.explanation == explanation.job }
            return SheetLabel(
                explanation, made: made[explanation.job] ?? 0,
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
            waits: waiting, hasFailed: !failures.isEmpty, tokensFired: activity?.tokensFired)
    }
}

extension Explanation {
    /// Whether one is read before another of the same latent: what a model wrote comes before what was counted, and what says
    /// nothing last.
    static func reads(_ one: Explanation, before other: Explanation) -> Bool {
        func rank(_ explanation: Explanation) -> Int {
            explanation.text.isEmpty ? 2 : explanation.provenance.model == nil ? 1 : 0
        }
        return (rank(one), one.node) < (rank(other), other.node)
    }
}

extension LatentState {
    /// The furthest that a latent has come.
    ///
    /// - Parameters:
    ///   - waits: The kinds of jobs about it that are still to be done.
    ///   - tokensFired: `nil` if no evidence is known.
    init(hasScore: Bool, hasExplanation: Bool, waits: Set<JobKind>, hasFailed: Bool, tokensFired: UInt64?) {
        if hasScore {
            self = .scored
        } else if hasExplanation {
            self = waits.contains(.score) ? .scoring : hasFailed ? .failed : .unscored
        } else if waits.contains(.explain) {
            self = .queued
        } else if hasFailed {
            self = .failed
        } else {
            self = tokensFired == 0 ? .dead : .collecting
        }
    }
}
