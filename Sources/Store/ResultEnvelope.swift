public import Elements
import Foundation
import Hashing
import JSONText

/// The one JSON encoding of results, shared by messages to Kafka, events and HTTP.
///
/// One line, members in a fixed order, numbers finite. Common members: `v` (1), `ts` (RFC 3339, UTC), `type`, `node`,
/// `coder` (the name of the encode node), `hookpoint`, `latent` and `job`; a value that is not available is `null`.
public enum ResultEnvelope {
    /// The version of the encoding.
    public static let version = 1

    /// An explanation: `explanation` (its text), `explainer`, `model`, `sampling`, `prompt_version`, `seed`,
    /// `evidence_digest`, `epoch`, `shown` (the number of windows shown), `predicate` (JSON), `windows_fired`
    /// (by then), and for an explanation made again, `again` (the reason) and `standing` (the job of the explanation
    /// that it challenges); only of one that a person gave, `origin` (`human`); only of an explainer that tells a latent's meanings apart, `parts`: `meanings` (their number),
    /// `clusters`, `separation`, `rest`, and in `parts` the `text`, `weight`, `windows` and `predicate` of each.
    /// - Parameter time: When it was made, in milliseconds since 1970.
    public static func json(_ explanation: Explanation, at time: Int64) -> String {
        let provenance = explanation.provenance
        let origin: [JSONValue.Member] = provenance.origin.map { [("origin", JSONValue.string($0))] } ?? []
        let predicate = explanation.predicate.map { text in
            EmbeddedJSON(text).map(JSONValue.embedded) ?? .string(text)
        }
        return JSONValue.object(
            head(.explanation, time, explanation.node) + latent(explanation.coder, explanation.latent) + [
                ("job", .string(explanation.job.description)), ("explanation", .string(explanation.text)),
                ("explainer", .string(provenance.explainer)), ("model", .optional(provenance.model)),
                ("sampling", .string(provenance.sampling)), ("prompt_version", .string(provenance.promptVersion)),
                ("seed", .unsigned(provenance.seed)),
                ("evidence_digest", .string(provenance.evidenceDigest.description)),
                ("epoch", .unsigned(provenance.epoch)), ("shown", .integer(provenance.shown.count)),
                ("predicate", predicate ?? .null),
                ("windows_fired", provenance.basis.map { .unsigned($0.windowsFired) } ?? .null),
                ("again", .optional(provenance.again?.reason.rawValue)),
                ("standing", .optional(provenance.again?.standing.description)),
            ] + origin + (explanation.parts.map { [("parts", $0.json)] } ?? [])
        ).text
    }

    /// A score: `method`, `control` (the name of the control that it is, `null` for none), `value`, `ci` (95 %, `[lower, upper]`), `n` (examples judged), `failed`, `explanation` (its
    /// text), `explanation_job`, `explained_by`, `tokens_in`, `tokens_out`, `tokens_cached` (of those sent,
    /// `null` if the judge does not say), `sequential` (`verdict`, `threshold`, `asked`, `available`, `settled_by`; `null` if all was asked), `epoch` (of the evidence), `windows_fired` (by then),
    /// `contest` (the job of the challenger, for one of two scores that are compared) and `details` (by name: `value`, `ci`, `n`).
    /// - Parameter time: When it was made, in milliseconds since 1970.
    public static func json(_ score: Score, at time: Int64) -> String {
        let headline = score.headline.flatMap { $0.value.isFinite ? $0 : nil }
        let details = score.details.sorted { $0.key < $1.key }.map { name, estimate in
            let members: [JSONValue.Member] = [
                ("value", .number(estimate.value)), ("ci", interval(estimate)), ("n", .integer(estimate.count)),
            ]
            return (key: name, value: JSONValue.object(members))
        }
        return JSONValue.object(
            head(.score, time, score.node) + [("method", .string(score.method)), ("control", .optional(score.control))]
                + latent(score.coder, score.latent) + [
                    ("job", .string(score.job.description)), ("value", headline.map { .number($0.value) } ?? .null),
                    ("ci", headline.map(interval) ?? .null), ("n", .integer(score.judged)),
                    ("failed", .integer(score.failed)), ("explanation", .string(score.text)),
                    ("explanation_job", .string(score.explanation.description)),
                    ("explained_by", .string(score.explainedBy)), ("tokens_in", .integer(score.tokensIn)),
                    ("tokens_out", .integer(score.tokensOut)),
                    ("tokens_cached", score.tokensCached.map { .integer($0) } ?? .null),
                    ("sequential", score.sequential.map { .object($0.members) } ?? .null),
                    ("epoch", score.round.map { .unsigned($0.epoch) } ?? .null),
                    ("windows_fired", score.round.map { .unsigned($0.windowsFired) } ?? .null),
                    ("contest", .optional(score.round?.contest?.description)), ("details", .object(details)),
                ]
        ).text
    }

    /// The explain node's choice between an explanation and a new one.
    ///
    /// `reason` (why it was made), `outcome` (`replaced`, `kept` or `confirmed`), `standing` and `challenger` (jobs), `scores` (for
    /// each score node its two headlines, `null` if it could not compare) and `epoch`; no `job`.
    ///
    /// - Parameter time: When it was made, in milliseconds since 1970.
    public static func json(_ choice: Choice, at time: Int64) -> String {
        func number(_ value: Double?) -> JSONValue { value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null }
        return JSONValue.object(
            head(.choice, time, choice.node) + latent(choice.coder, choice.latent) + [
                ("reason", .string(choice.reason.rawValue)), ("outcome", .string(choice.outcome.rawValue)),
                ("standing", .string(choice.standing.description)),
                ("challenger", .string(choice.challenger.description)),
                (
                    "scores",
                    .array(
                        choice.scores.map { pair in
                            .object([
                                ("node", .string(pair.node)), ("standing", number(pair.standing)),
                                ("challenger", number(pair.challenger)),
                            ])
                        })
                ), ("epoch", .unsigned(choice.epoch)),
            ]
        ).text
    }

    /// A job that was given up: `kind` (`explain` or `score`), `reason` and `attempts`; no `hookpoint`.
    public static func json(_ failure: JobRecord) -> String {
        JSONValue.object(
            head(.failure, failure.updated, failure.job.node) + [
                ("coder", .string(failure.job.coder)), ("latent", .integer(failure.job.latent)),
                ("job", .string(failure.job.id.description)), ("kind", .string(failure.job.kind.rawValue)),
                ("reason", .optional(failure.reason)), ("attempts", .integer(failure.attempts)),
            ]
        ).text
    }

    /// A dead letter: `code`, `reason`, `source`, `topic`, `partition`, `offset`, and the record's first 64 KiB as
    /// `value`, or as `value_base64` if they are not UTF-8; no `coder`, `hookpoint`, `latent` or `job`.
    /// - Parameter time: When it was stored, in milliseconds since 1970.
    public static func json(_ letter: DeadLetter, at time: Int64) -> String {
        let value: JSONValue.Member =
            if let text = String(validating: letter.value, as: UTF8.self) {
                ("value", .string(text))
            } else {
                ("value_base64", .string(Data(letter.value).base64EncodedString()))
            }
        let position = letter.position
        return JSONValue.object(
            head(.deadLetter, time, letter.node) + [
                ("code", .string(letter.code)), ("reason", .string(letter.reason)),
                ("source", .string(position.source)), ("topic", .string(position.topic)),
                ("partition", .integer(Int(position.partition))), ("offset", .integer(Int(position.offset))), value,
            ]
        ).text
    }

    private static func head(_ type: EventType, _ time: Int64, _ node: String) -> [JSONValue.Member] {
        [
            ("v", .integer(version)), ("ts", .string(Timestamp.text(time))), ("type", .string(type.rawValue)),
            ("node", .string(node)),
        ]
    }

    private static func latent(_ coder: CoderIdentity, _ latent: Int) -> [JSONValue.Member] {
        [("coder", .string(coder.name)), ("hookpoint", .string(coder.hookpoint)), ("latent", .integer(latent))]
    }

    private static func interval(_ estimate: Estimate) -> JSONValue {
        .array([.number(estimate.lower), .number(estimate.upper)])
    }
}

extension SequentialAccount {
    /// Its members in the shared encoding.
    var members: [JSONValue.Member] {
        [
            ("verdict", .string(verdict)), ("threshold", .number(threshold)), ("asked", .integer(asked)),
            ("available", .integer(available)), ("settled_by", .optional(settledBy)),
        ]
    }
}
