public import Elements
import TerminalText

/// The latents of an explain node that were explained again: how often, why, and with what outcome.
public struct AgainSummary: Sendable, Hashable {
    /// The id of the explain node.
    public let node: String
    /// Latents explained again, each once.
    public let latents: Int
    /// Explanations made again, by reason.
    public let reasons: [AgainReason: Int]
    /// Their outcomes; explanations still being scored have none.
    public let outcomes: [ChoiceOutcome: Int]
    /// Explanations that are still being compared with the current ones.
    public let open: Int
    /// The mean gain in the mean headline from the replaced explanation to its challenger; `nil` without any.
    public let gain: Double?

    /// Summarises each node that has explained a latent again, by node.
    static func all(explanations: [Explanation], choices: [Choice]) -> [AgainSummary] {
        let again = Dictionary(grouping: explanations.filter { $0.provenance.again != nil }, by: \.node)
        let choices = Dictionary(grouping: choices, by: \.node)
        return again.sorted { $0.key < $1.key }.map { node, explanations in
            AgainSummary(node, explanations, choices[node] ?? [])
        }
    }

    private init(_ node: String, _ explanations: [Explanation], _ choices: [Choice]) {
        struct Place: Hashable {
            let coder: String
            let latent: Int
        }
        self.node = node
        latents = Set(explanations.map { Place(coder: $0.coder.name, latent: $0.latent) }).count
        reasons = explanations.reduce(into: [:]) { counts, explanation in
            if let again = explanation.provenance.again { counts[again.reason, default: 0] += 1 }
        }
        outcomes = choices.reduce(into: [:]) { $0[$1.outcome, default: 0] += 1 }
        open = max(0, explanations.count - choices.count)
        let gains = choices.filter { $0.outcome == .replaced }.compactMap { choice -> Double? in
            let pairs = choice.scores.compactMap { pair -> Double? in
                guard let standing = pair.standing, let challenger = pair.challenger else { return nil }
                return challenger - standing
            }
            return pairs.isEmpty ? nil : pairs.reduce(0, +) / Double(pairs.count)
        }
        gain = gains.isEmpty ? nil : gains.reduce(0, +) / Double(gains.count)
    }

    /// The lines of a report; none if nothing was explained again.
    static func lines(of summaries: [AgainSummary]) -> [String] {
        guard !summaries.isEmpty else { return [] }
        func list<Key: CaseIterable & RawRepresentable & Hashable>(_ counts: [Key: Int]) -> String
        where Key.RawValue == String {
            Key.allCases.compactMap { key in counts[key].map { "\($0) \(key.rawValue)" } }.joined(separator: ", ")
        }
        return ["", "EXPLAINED AGAIN (both explanations scored on the same windows; ties keep what stands)"]
            + summaries.map { summary in
                let outcomes = list(summary.outcomes)
                return "  \(summary.node): \(summary.latents) latents (\(list(summary.reasons)))"
                    + (outcomes.isEmpty ? "" : ": \(outcomes)") + (summary.open > 0 ? ", \(summary.open) open" : "")
                    + (summary.gain.map { "; those replaced gained " + FigureText.number($0) + " on average" } ?? "")
            }
    }
}

/// A summary in the JSON of a report.
struct AgainFigures: Encodable {
    let node: String
    let latents: Int
    let reasons: [String: Int]
    let outcomes: [String: Int]
    let open: Int
    let gain: Double?

    init(_ summary: AgainSummary) {
        node = summary.node
        latents = summary.latents
        reasons = Dictionary(uniqueKeysWithValues: summary.reasons.map { ($0.key.rawValue, $0.value) })
        outcomes = Dictionary(uniqueKeysWithValues: summary.outcomes.map { ($0.key.rawValue, $0.value) })
        open = summary.open
        gain = summary.gain
    }
}
