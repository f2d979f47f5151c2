import Foundation

/// What an intervention does to the distribution of the next token on average over some prompts.
package struct MeanTokenShift: Sendable {
    /// A token with the mean change of its log-probability.
    package struct Change: Sendable, Hashable {
        /// The token.
        package let token: UInt32
        /// The mean over prompts of ln q − ln p, in nats.
        package let nats: Double
    }

    private var count = 0
    private var divergences = 0.0
    /// `[vocabulary]`: sums over prompts of ln q − ln p, of p and of q.
    private var changes, before, after: [Double]

    /// Begins with no prompt; takes 24 bytes for each token of the vocabulary.
    package init(vocabulary: Int) {
        changes = [Double](repeating: 0, count: max(vocabulary, 0))
        (before, after) = (changes, changes)
    }

    /// Takes in the logits `[vocabulary]` after a prompt without and with the intervention.
    ///
    /// Returns whether they could be compared; if not, nothing is known of the mean any more.
    package mutating func add(clean: [Float], changed: [Float]) -> Bool {
        guard clean.count == changes.count else { return false }
        let divergence = NextTokenShift.divergence(from: clean, to: changed) { token, logP, logQ in
            changes[token] += logQ - logP
            before[token] += exp(logP)
            after[token] += exp(logQ)
        }
        guard let divergence else { return false }
        count += 1
        divergences += divergence
        return true
    }

    /// The mean divergence from the clean distribution to the changed one, in nats; 0 for no prompt.
    package var divergence: Double { count == 0 ? 0 : divergences / Double(count) }

    /// The tokens whose log-probability rises on average, the largest rise first (ties: lowest id).
    ///
    /// Only those are taken whose mean probability with the intervention is at least what each token would have if all were
    /// equally likely: among tokens that hardly ever come, the largest changes are chance.
    package var rising: [Change] { ranked(after) { $0 } }

    /// The tokens whose log-probability falls, the largest fall first, by the mean probability without the intervention.
    package var falling: [Change] { ranked(before) { -$0 } }

    private func ranked(_ probabilities: [Double], by size: (Double) -> Double) -> [Change] {
        guard count > 0 else { return [] }
        let least = Double(count) / Double(changes.count)
        return changes.indices.compactMap { token -> Change? in
            let change = changes[token] / Double(count)
            guard change.isFinite, size(change) > 0, probabilities[token] >= least else { return nil }
            return Change(token: UInt32(truncatingIfNeeded: token), nats: change)
        }.sorted { (size($1.nats), $0.token) < (size($0.nats), $1.token) }
    }
}
