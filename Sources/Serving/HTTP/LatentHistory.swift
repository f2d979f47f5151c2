import Elements
import Hashing
import JSONText
import Lineage
import Store

/// The explanations that a latent has had: when each was current, why it was made, and what decided about it.
struct LatentHistory {
    private let explanations: [DatedExplanation]
    private let choices: [JobID: StoredChoice]
    private let lineage: Lineage
    /// By explanation: when it was replaced.
    private let ends: [JobID: Int64]

    init(explanations: [DatedExplanation], choices: [StoredChoice]) {
        self.explanations = explanations
        lineage = Lineage.replay(explanations: explanations.map(\.explanation), choices: choices.map(\.choice))
        self.choices = Dictionary(choices.map { ($0.choice.challenger, $0) }) { first, _ in first }
        ends = Dictionary(
            choices.filter { $0.choice.outcome == .replaced }.map { ($0.choice.standing, $0.made) }
        ) { first, _ in first }
    }

    /// Explanations that are not current: replaced, not better than the current one, or still being compared with it.
    var past: Set<JobID> {
        Set(explanations.map(\.explanation).filter { lineage.isPast($0.job, by: $0.node) }.map(\.job))
    }

    /// Every explanation, the oldest first: `node`, `job`, `explanation`, `made`, `from` and `until` (when it stood; `null` for never,
    /// and for still), `epoch`, `windows_fired` (by then), `again` (why it was made, `null` for the first) and `decided` (`null` until it
    /// is): `outcome`, `at`, `epoch` and `scores`, the two headlines of each score node.
    var json: JSONValue {
        .array(
            explanations.map { dated in
                let explanation = dated.explanation
                let provenance = explanation.provenance
                return .object([
                    ("node", .string(explanation.node)), ("job", .string(explanation.job.description)),
                    ("explanation", .string(explanation.text)), ("made", .string(Timestamp.text(dated.made))),
                    ("from", .optional(start(of: dated).map(Timestamp.text))),
                    ("until", .optional(ends[explanation.job].map(Timestamp.text))),
                    ("epoch", .unsigned(provenance.epoch)),
                    ("windows_fired", provenance.basis.map { .unsigned($0.windowsFired) } ?? .null),
                    ("again", .optional(provenance.again?.reason.rawValue)),
                    ("decided", choices[explanation.job].map(decision) ?? .null),
                ])
            })
    }

    /// The time at which an explanation became current; `nil` if it never has been.
    private func start(of dated: DatedExplanation) -> Int64? {
        let explanation = dated.explanation
        switch lineage.standing(of: explanation.job, by: explanation.node) {
        case .incumbent, .replaced:
            return explanation.provenance.again == nil ? dated.made : choices[explanation.job]?.made
        case .challenger, .rejected, nil: return nil
        }
    }

    private func decision(_ stored: StoredChoice) -> JSONValue {
        .object([
            ("outcome", .string(stored.choice.outcome.rawValue)), ("at", .string(Timestamp.text(stored.made))),
            ("epoch", .unsigned(stored.choice.epoch)),
            (
                "scores",
                .array(
                    stored.choice.scores.map { pair in
                        .object([
                            ("node", .string(pair.node)), ("standing", pair.standing.map { .number($0) } ?? .null),
                            ("challenger", pair.challenger.map { .number($0) } ?? .null),
                        ])
                    })
            ),
        ])
    }
}
