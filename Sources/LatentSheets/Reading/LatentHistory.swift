package import Elements
import Hashing
import Lineage
package import Store
import TerminalText

/// The explanations that a latent has had: when each was current, why it was made, and what decided about it.
package struct LatentHistory: Sendable {
    /// One of them.
    package struct Entry: Sendable {
        /// The explanation and when it was made.
        package let explanation: DatedExplanation
        /// When it became current, in milliseconds since 1970; `nil` if it never has been.
        package let from: Int64?
        /// When it was replaced; `nil` if it never was.
        package let until: Int64?
        /// What was decided about it; `nil` if nothing was, or is not yet.
        package let decision: StoredChoice?
        /// Whether it is not current: replaced, not better than the current one, or still being compared with it.
        package let isPast: Bool
    }

    /// Every explanation, the oldest first.
    package let entries: [Entry]

    /// Replays what was stored about one latent.
    package init(explanations: [DatedExplanation], choices: [StoredChoice]) {
        let lineage = Lineage.replay(explanations: explanations.map(\.explanation), choices: choices.map(\.choice))
        let decisions = Dictionary(choices.map { ($0.choice.challenger, $0) }) { first, _ in first }
        let ends = Dictionary(
            choices.filter { $0.choice.outcome == .replaced }.map { ($0.choice.standing, $0.made) }
        ) { first, _ in first }
        entries = explanations.map { dated in
            let explanation = dated.explanation
            let start: Int64? =
                switch lineage.standing(of: explanation.job, by: explanation.node) {
                case .incumbent, .replaced:
                    explanation.provenance.again == nil ? dated.made : decisions[explanation.job]?.made
                case .challenger, .rejected, nil: nil
                }
            return Entry(
                explanation: dated, from: start, until: ends[explanation.job], decision: decisions[explanation.job],
                isPast: lineage.isPast(explanation.job, by: explanation.node))
        }
    }

    /// Explanations that are not current.
    package var past: Set<JobID> { Set(entries.filter(\.isPast).map(\.explanation.explanation.job)) }
}

extension SheetChange {
    init(_ entry: LatentHistory.Entry) {
        let explanation = entry.explanation.explanation
        node = explanation.node
        text = explanation.text
        made = Timestamp.text(entry.explanation.made)
        from = entry.from.map(Timestamp.text)
        until = entry.until.map(Timestamp.text)
        reason = explanation.provenance.again?.reason.rawValue
        outcome = entry.decision?.choice.outcome.rawValue
        comparison = (entry.decision?.choice.scores ?? []).map { pair in
            "\(pair.node): \(FigureText.number(pair.standing)) → \(FigureText.number(pair.challenger))"
        }
    }
}
