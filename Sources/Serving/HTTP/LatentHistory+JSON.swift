import Elements
import Hashing
import JSONText
import LatentSheets
import Store

extension LatentHistory {
    /// Every explanation, the oldest first: `node`, `job`, `explanation`, `made`, `from` and `until` (when it stood; `null` for never,
    /// and for still), `epoch`, `windows_fired` (by then), `again` (why it was made, `null` for the first) and `decided` (`null` until it
    /// is): `outcome`, `at`, `epoch` and `scores`, the two headlines of each score node.
    var json: JSONValue {
        .array(
            entries.map { entry in
                let explanation = entry.explanation.explanation
                let provenance = explanation.provenance
                return .object([
                    ("node", .string(explanation.node)), ("job", .string(explanation.job.description)),
                    ("explanation", .string(explanation.text)),
                    ("made", .string(Timestamp.text(entry.explanation.made))),
                    ("from", .optional(entry.from.map(Timestamp.text))),
                    ("until", .optional(entry.until.map(Timestamp.text))),
                    ("epoch", .unsigned(provenance.epoch)),
                    ("windows_fired", provenance.basis.map { .unsigned($0.windowsFired) } ?? .null),
                    ("again", .optional(provenance.again?.reason.rawValue)),
                    ("decided", entry.decision.map(Self.json) ?? .null),
                ])
            })
    }

    private static func json(_ stored: StoredChoice) -> JSONValue {
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
