import Elements
import StateNotes

/// The nodes of a state that can be compared, and what its topologies said of them.
///
/// A state that was last opened by an older version has no such settings: what its explanations and scores say of themselves
/// is known all the same.
struct ComparedNodes {
    /// What a node of a topology does.
    enum Role: String {
        case explain, score, encode
    }

    let summaries: [ScoreSummary]
    private let settings: [String: NodeSettings]
    private let provenances: [String: Provenance]

    init(summaries: [ScoreSummary], explanations: [Explanation], settings: [String: NodeSettings]) {
        self.summaries = summaries
        self.settings = settings
        provenances = Dictionary(explanations.map { ($0.node, $0.provenance) }) { first, _ in first }
    }

    /// What a node does; `nil` if nothing here comes from it.
    func role(of node: String) -> Role? {
        if summaries.contains(where: { $0.node == node }) { return .score }
        if summaries.contains(where: { $0.explainedBy == node }) || provenances[node] != nil { return .explain }
        if summaries.contains(where: { $0.coder == node }) { return .encode }
        return nil
    }

    /// The nodes with a role whose results were scored, in the order of the topology; those it does not tell of last, by name.
    func nodes(_ role: Role) -> [String] {
        let all = summaries.map { summary in
            switch role {
            case .explain: summary.explainedBy
            case .score: summary.node
            case .encode: summary.coder
            }
        }
        return Set(all).sorted { (settings[$0]?.place ?? .max, $0) < (settings[$1]?.place ?? .max, $1) }
    }

    /// Fields that say when and of which latents there are results, not what they are.
    private static let outward: Set<String> = [
        "latents", "when", "concurrency", "controls", "minimum_examples", "regrowth", "drift", "rescore", "recent",
    ]

    /// The fields in which two nodes differ, with both values.
    func differences(_ a: String, _ b: String) -> [String: [String]] {
        let (ofA, ofB) = (fields(of: a), fields(of: b))
        return Set(ofA.keys).union(ofB.keys).subtracting(Self.outward).reduce(into: [:]) { found, name in
            let (valueA, valueB) = (ofA[name], ofB[name])
            if valueA != valueB { found[name] = [valueA ?? "none", valueB ?? "none"] }
        }
    }

    /// What is known of a node: its settings, or what its explanations say of themselves.
    private func fields(of node: String) -> [String: String] {
        if let settings = settings[node] { return settings.fields }
        guard let provenance = provenances[node] else { return [:] }
        return [
            "explainer": provenance.explainer, "sampling": provenance.sampling, "model": provenance.model ?? "none",
            "prompt_version": provenance.promptVersion,
        ]
    }

    /// What two explain nodes differ in.
    func kind(ofExplainers a: String, _ b: String) -> ComparisonKind {
        // Settings of one and none of the other say nothing of a difference.
        guard (settings[a] == nil) == (settings[b] == nil) else { return .explainers }
        let differing = Set(differences(a, b).keys)
        if !differing.isDisjoint(with: ["explainer", "model"]) { return .explainers }
        if differing.contains("window") { return .windows }
        if !differing.isDisjoint(with: ["strengths", "chain_of_thought", "prompt_version"]) { return .prompts }
        if differing.contains("sampling") { return .samplers }
        return differing.contains("examples") ? .examples : .explainers
    }

    /// What two score nodes of some methods differ in.
    func kind(ofScorers a: ScoreSummary, _ b: ScoreSummary) -> ComparisonKind {
        if a.method != b.method { return .methods }
        return differences(a.node, b.node).keys.contains("model") ? .judges : .scorers
    }

    /// Whether two explain nodes explain in the same way, whatever they explain.
    func explainAlike(_ a: String, _ b: String) -> Bool {
        if settings[a] != nil, settings[b] != nil { return differences(a, b).isEmpty }
        guard let ofA = provenances[a], let ofB = provenances[b] else { return a == b }
        return ofA.explainer == ofB.explainer && ofA.sampling == ofB.sampling && ofA.model == ofB.model
            && ofA.promptVersion == ofB.promptVersion
    }

    /// Whether two score nodes ask the same model in the same way, as far as is known.
    func scoreAlike(_ a: String, _ b: String) -> Bool { differences(a, b).isEmpty }
}
