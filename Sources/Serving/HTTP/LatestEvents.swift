import Elements
import JSONText
import Lineage
import Store

/// The latest explanation, score, control and failure of every node about one latent, and the latent's state.
struct LatestEvents {
    private var latest: [EventType: [Origin: Int64]] = [:]

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

    /// Finds them among all events of a latent, the oldest first.
    /// - Parameter past: Explanations that are not current; they are left out with their scores.
    init(_ events: [EventOutline], without past: Set<JobID>) {
        for event in events where event.type != .choice {
            let subject = event.subject
            // Windows that decide between two explanations give no headline.
            if subject.control == EventSubject.comparison { continue }
            if event.type == .explanation || event.type == .score && subject.control == nil,
                let explanation = subject.explanation, past.contains(explanation)
            {
                continue
            }
            latest[event.type, default: [:]][Origin(subject)] = event.cursor
        }
    }

    /// The cursors of the events that are shown.
    var cursors: [Int64] { latest.values.flatMap(\.values) }

    /// `state`, `explanations`, `scores`, `controls` and `failures`.
    /// - Parameter text: Gives the JSON of the event of a cursor.
    func members(text: (_ cursor: Int64) -> String?) -> [JSONValue.Member] {
        func values(_ type: EventType, areControls: Bool = false) -> JSONValue {
            let cursors = (latest[type] ?? [:]).filter { ($0.key.control != nil) == areControls }.values.sorted()
            return .array(cursors.compactMap { text($0).flatMap { EmbeddedJSON($0) }.map(JSONValue.embedded) })
        }
        return [
            ("state", .string(state)), ("explanations", values(.explanation)), ("scores", values(.score)),
            ("controls", values(.score, areControls: true)),
            ("failures", values(.failure)),
        ]
    }

    /// The furthest that the latent has come.
    private var state: String {
        if latest[.score]?.keys.contains(where: { $0.control == nil }) == true {
            "scored"
        } else if latest[.explanation] != nil {
            "explained"
        } else if latest[.failure] != nil {
            "failed"
        } else {
            "collecting"
        }
    }
}

extension LatentOutline {
    /// Explanations that are not current, as `LatentHistory` finds them from all that is known of them.
    var past: Set<JobID> {
        var nodes: [String: Incumbents] = [:]
        for choice in choices {
            nodes[choice.node, default: Incumbents()].decide(
                between: choice.standing, and: choice.challenger, choice.outcome)
        }
        for explanation in explanations {
            nodes[explanation.node, default: Incumbents()].add(explanation.job, isChallenger: explanation.isChallenger)
        }
        return Set(explanations.filter { nodes[$0.node]?.isPast($0.job) ?? false }.map(\.job))
    }
}
