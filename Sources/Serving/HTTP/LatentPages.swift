import Elements
import Hashing
import JSONText
import Observability
import Store

/// The pages about latents, as JSON.
struct LatentPages: Sendable {
    let reader: StoreReader
    let coders: [CoderIdentity]
    let latestEvidence: LatestEvidence

    /// The key that decides which earlier events an event replaces.
    private struct Origin: Hashable {
        let node: String
        let explainedBy: String?
        let control: String?

        init(_ subject: EventSubject) {
            node = subject.node
            explainedBy = subject.explainedBy
            control = subject.control
        }
    }

    /// A page of latents that have results, each with its latest explanation and score of every node; blocks.
    ///
    /// `next` is the value of `after` for the next page, `null` after the last.
    func list(coder: String?, after last: LatentKey?, limit: Int) throws -> String {
        let keys = try reader.latents(coder: coder, after: last, limit: limit)
        let items = try keys.map { key in
            JSONValue.object(
                head(key)
                    + latest(
                        try reader.events(coder: key.coder, latent: key.latent), without: try history(of: key).past))
        }
        let next = keys.count == limit ? keys.last.map { "\($0.coder)/\($0.latent)" } : nil
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
        let explanations = try history(of: key)
        let members =
            [("v", JSONValue.integer(ResultEnvelope.version))] + head(key)
            + latest(events, without: explanations.past) + evidence(key)
        let history = events.compactMap { EmbeddedJSON($0.jsonWithCursor).map(JSONValue.embedded) }
        return JSONValue.object(
            members + [("explanation_history", explanations.json), ("history", .array(history))]
        ).text
    }

    private func history(of key: LatentKey) throws -> LatentHistory {
        LatentHistory(explanations: try reader.datedExplanations(of: key), choices: try reader.choices(latent: key))
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

    /// The state of a latent, and the latest explanation, score, control and failure of every node.
    ///
    /// Explanations that are not current are left out with their scores.
    private func latest(_ events: [StoredEvent], without past: Set<JobID>) -> [JSONValue.Member] {
        var latest: [EventType: [Origin: StoredEvent]] = [:]
        for event in events {
            let subject = event.subject
            if event.type == .explanation || event.type == .score && subject.control == nil,
                let explanation = subject.explanation, past.contains(explanation)
            {
                continue
            }
            latest[event.type, default: [:]][Origin(subject)] = event
        }
        func values(_ type: EventType, areControls: Bool = false) -> JSONValue {
            let events = (latest[type] ?? [:]).filter { ($0.key.control != nil) == areControls }.values
                .sorted { $0.cursor < $1.cursor }
            return .array(events.compactMap { EmbeddedJSON($0.jsonWithCursor).map(JSONValue.embedded) })
        }
        let state =
            if latest[.score]?.keys.contains(where: { $0.control == nil }) == true {
                "scored"
            } else if latest[.explanation] != nil {
                "explained"
            } else if latest[.failure] != nil {
                "failed"
            } else {
                "collecting"
            }
        return [
            ("state", .string(state)), ("explanations", values(.explanation)), ("scores", values(.score)),
            ("controls", values(.score, areControls: true)),
            ("failures", values(.failure)),
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
