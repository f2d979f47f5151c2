import Elements
import Hashing
import JSONText
import LatentSheets
import Observability
import Store

/// The pages about latents, as JSON.
struct LatentPages: Sendable {
    let reader: StoreReader
    let coders: [CoderIdentity]
    let latestEvidence: LatestEvidence

    /// A page of latents that have results, each with its latest explanation and score of every node; blocks.
    ///
    /// `next` is the value of `after` for the next page, `null` after the last.
    func list(coder: String?, after last: LatentKey?, limit: Int) throws -> String {
        let outlines = try reader.outlines(coder: coder, after: last, limit: limit)
        let latest = outlines.map { LatestEvents($0.events, without: $0.past) }
        // Each share numbers its events by itself.
        var cursors: [Int: [Int64]] = [:]
        for (outline, latest) in zip(outlines, latest) { cursors[outline.share, default: []] += latest.cursors }
        var events: [Int: [Int64: StoredEvent]] = [:]
        for (share, cursors) in cursors { events[share] = try reader.events(at: cursors, ofShare: share) }
        let items = zip(outlines, latest).map { outline, latest in
            JSONValue.object(head(outline.key) + latest.members { events[outline.share]?[$0].map(text) })
        }
        let next = outlines.count == limit ? outlines.last?.key.written : nil
        return JSONValue.object([
            ("v", .integer(ResultEnvelope.version)), ("coders", .array(coders.map(description))),
            ("latents", .array(items)), ("next", .optional(next)),
        ]).text
    }

    /// Everything known about one latent; blocks.
    ///
    /// The latest of every node, counts, the explanations it has had (`LatentHistory`), and the history of its events.
    func page(_ key: LatentKey) throws -> String {
        let events = try reader.events(coder: key.coder, latent: key.latent)
        let texts = Dictionary(events.map { ($0.cursor, text($0)) }) { first, _ in first }
        let explanations = LatentHistory(
            explanations: try reader.datedExplanations(of: key), choices: try reader.choices(latent: key))
        let members =
            try [("v", JSONValue.integer(ResultEnvelope.version))] + head(key)
            + LatestEvents(events.map(\.outline), without: explanations.past).members { texts[$0] } + evidence(key)
            + WrittenMember(reader: reader).members(of: key)
        let history = events.compactMap { EmbeddedJSON(text($0)).map(JSONValue.embedded) }
        return JSONValue.object(
            members + [("explanation_history", explanations.json), ("history", .array(history))]
        ).text
    }

    /// The JSON of an event, with its cursor but where shares are joined: its number there is no place in the events of all.
    private func text(_ event: StoredEvent) -> String {
        reader.shares.isEmpty ? event.jsonWithCursor : event.json
    }

    private func description(_ coder: CoderIdentity) -> JSONValue {
        .object([
            ("coder", .string(coder.name)), ("hookpoint", .string(coder.hookpoint)),
            ("latents", .integer(coder.latents)), ("digest", .string(coder.digest.description)),
        ])
    }

    private func head(_ key: LatentKey) -> [JSONValue.Member] {
        let coder = coders.first { $0.name == key.coder }
        return [
            ("coder", .string(key.coder)), ("hookpoint", .optional(coder?.hookpoint)), ("latent", .integer(key.latent)),
        ]
    }

    /// Counts over every token up to the latest checkpoint; `null` before the first.
    private func evidence(_ key: LatentKey) -> [JSONValue.Member] {
        guard let update = latestEvidence.update(of: key.coder) else { return [("evidence", .null)] }
        let (evidence, totals) = (update.view.evidence(of: key.latent), update.view.totals)
        let counts = evidence.statistics
        let fired = Double(counts.tokensFired)
        let values: [JSONValue.Member] = [
            ("epoch", .unsigned(update.epoch)), ("tokens", .unsigned(totals.tokens)),
            ("windows", .unsigned(totals.windows)), ("tokens_fired", .unsigned(counts.tokensFired)),
            ("windows_fired", .unsigned(counts.windowsFired)),
            ("density", totals.tokens > 0 ? .number(fired / Double(totals.tokens)) : .null),
            ("mean", fired > 0 ? .number(counts.sum / fired) : .null), ("maximum", .number(Double(counts.maximum))),
            ("histogram_from_log2", .integer(-16)), ("histogram", .array(counts.histogram.map(JSONValue.unsigned))),
            ("train_windows", .integer(evidence.train.count)), ("top_windows", .integer(evidence.top.count)),
            ("test_windows", .integer(evidence.test.count)), ("recent_windows", .integer(evidence.recent.count)),
        ]
        return [("evidence", .object(values))]
    }
}
