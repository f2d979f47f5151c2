import Elements
import Hashing
import Scoring

/// How cheaper scores settle what a judged scorer would else be asked about.
struct Cascade: Sendable {
    let gate: CascadeGate
    /// The method of the scorer that is spared.
    let method: String
    /// The score from which on its explanations count as interpretable.
    let threshold: Double
}

/// Decides which explanations cheaper scores settle, and which are left to a judge.
///
/// The cheaper score nodes are looked at in their order: each explanation waits for the next of them until one settles it, so
/// that what is decided does not depend on which score came first. One that a node passes over goes on to the next.
struct CascadeGate: Sendable {
    /// What can be decided now.
    struct Resolution: Sendable {
        /// Explanations that a judge is to be asked about.
        var ask: [Explanation] = []
        /// Explanations that need none.
        var settled: [Settled] = []
    }

    /// An explanation that a cheaper score has settled.
    struct Settled: Sendable {
        let explanation: Explanation
        let gate: String
        let estimate: Estimate
        let verdict: SequentialVerdict
    }

    private enum Standing {
        case scored(Estimate)
        case passedOver
    }

    private struct Key: Hashable {
        let gate: String
        let explanation: JobID
    }

    /// The cheaper score nodes.
    let gates: [String]
    private let below: Double?
    private let above: Double?
    private var standings: [Key: Standing] = [:]
    private var waiting: [Explanation] = []

    /// Makes a gate.
    ///
    /// - Parameters:
    ///   - gates: The cheaper score nodes, in the order in which they are looked at.
    ///   - below: Scores that lie below this with their whole interval settle.
    ///   - above: Scores that lie above this with their whole interval settle.
    init(gates: [String], below: Double?, above: Double?) {
        self.gates = gates
        self.below = below
        self.above = above
    }

    /// Notes what the nodes have scored before.
    mutating func note(_ scores: [Score]) {
        for score in scores where score.control == nil && gates.contains(score.node) {
            let key = Key(gate: score.node, explanation: score.explanation)
            standings[key] = score.headline.map { .scored($0) } ?? .passedOver
        }
    }

    /// Takes explanations in.
    mutating func take(_ explanations: [Explanation]) -> Resolution {
        waiting += explanations
        return resolve()
    }

    /// Notes new scores, and that a node is through with some explanations.
    mutating func take(_ batch: ScoreBatch) -> Resolution {
        note(batch.scores)
        for explanation in batch.considered {
            let key = Key(gate: batch.node, explanation: explanation)
            if standings[key] == nil { standings[key] = .passedOver }
        }
        return resolve()
    }

    /// No more scores come: whatever still waits is left to the judge.
    mutating func end() -> Resolution {
        defer { waiting = [] }
        return Resolution(ask: waiting)
    }

    private mutating func resolve() -> Resolution {
        var resolution = Resolution()
        var still: [Explanation] = []
        for explanation in waiting where !decide(explanation, in: &resolution) { still.append(explanation) }
        waiting = still
        return resolution
    }

    /// Puts an explanation where it belongs; false while a node may still score it.
    private func decide(_ explanation: Explanation, in resolution: inout Resolution) -> Bool {
        for gate in gates {
            switch standings[Key(gate: gate, explanation: explanation.job)] {
            case nil: return false
            case .passedOver: continue
            case .scored(let estimate):
                guard let verdict = verdict(on: estimate) else { continue }
                resolution.settled.append(
                    Settled(explanation: explanation, gate: gate, estimate: estimate, verdict: verdict))
                return true
            }
        }
        resolution.ask.append(explanation)
        return true
    }

    private func verdict(on estimate: Estimate) -> SequentialVerdict? {
        if let below, estimate.upper < below { return .notInterpretable }
        if let above, estimate.lower > above { return .interpretable }
        return nil
    }
}

extension CascadeGate.Settled {
    /// The score that says so: without a value, since no judge was asked.
    func score(by node: String, method: String, threshold: Double) -> Score {
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x7365_7474), wide: true)
        hasher.update(text: node)
        hasher.update(explanation.job.high)
        hasher.update(explanation.job.low)
        return Score(
            job: hasher.finalize128(), node: node, method: method, coder: explanation.coder,
            latent: explanation.latent, explanation: explanation.job, explainedBy: explanation.node,
            text: explanation.text, headline: nil, details: ["settled_by_\(gate)": estimate], judged: 0, failed: 0,
            tokensIn: 0, tokensOut: 0,
            sequential: SequentialAccount(
                verdict: verdict.rawValue, threshold: threshold, asked: 0, available: 0, settledBy: gate))
    }
}
