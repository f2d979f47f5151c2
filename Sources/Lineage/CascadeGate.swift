package import Elements

/// Decides which explanations cheaper scores settle, and which are left to a judge.
///
/// The cheaper score nodes are looked at in their order: each explanation waits for the next of them until one settles
/// it, so that what is decided does not depend on which score came first. One that a node passes over goes on to the
/// next.
package struct CascadeGate: Sendable {
    /// What can be decided now.
    package struct Resolution: Sendable {
        /// Explanations that a judge is to be asked about.
        package var ask: [Explanation] = []
        /// Explanations that need none.
        package var settled: [Settled] = []

        package init(ask: [Explanation] = []) { self.ask = ask }
    }

    /// An explanation that a cheaper score has settled.
    package struct Settled: Sendable {
        /// The explanation.
        package let explanation: Explanation
        /// The node whose score settled it.
        package let gate: String
        /// That score.
        package let estimate: Estimate
        /// Whether it counts as interpretable.
        package let isInterpretable: Bool
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
    package let gates: [String]
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
    package init(gates: [String], below: Double?, above: Double?) {
        self.gates = gates
        self.below = below
        self.above = above
    }

    /// Notes what the nodes have scored before; what decides a comparison settles nothing.
    package mutating func note(_ scores: [Score]) {
        for score in scores
        where score.control == nil && score.round?.contest == nil && gates.contains(score.node) {
            let key = Key(gate: score.node, explanation: score.explanation)
            standings[key] = score.headline.map { .scored($0) } ?? .passedOver
        }
    }

    /// Takes explanations in.
    package mutating func take(_ explanations: [Explanation]) -> Resolution {
        waiting += explanations
        return resolve()
    }

    /// Takes new scores in.
    package mutating func take(scores: [Score]) -> Resolution {
        note(scores)
        return resolve()
    }

    /// Notes that a node is through with some explanations.
    package mutating func take(considered: [JobID], by node: String) -> Resolution {
        for explanation in considered {
            let key = Key(gate: node, explanation: explanation)
            if standings[key] == nil { standings[key] = .passedOver }
        }
        return resolve()
    }

    /// The explanations of a node that wait for cheaper scores.
    package func waiting(ofExplainer explainer: String) -> [Explanation] { waiting.filter { $0.node == explainer } }

    /// No more scores come: whatever still waits is left to the judge.
    package mutating func end() -> Resolution {
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
                guard let isInterpretable = isSettled(by: estimate) else { continue }
                resolution.settled.append(
                    Settled(
                        explanation: explanation, gate: gate, estimate: estimate, isInterpretable: isInterpretable))
                return true
            }
        }
        resolution.ask.append(explanation)
        return true
    }

    private func isSettled(by estimate: Estimate) -> Bool? {
        if let below, estimate.upper < below { return false }
        if let above, estimate.lower > above { return true }
        return nil
    }
}
