/// Two lists of scores that are set beside each other.
struct ComparedPair {
    let kind: ComparisonKind
    /// The nodes that are compared.
    let nodes: (a: String, b: String)
    let a: ScoreSummary
    let b: ScoreSummary
    /// The fields in which the nodes differ, with both values.
    let differences: [String: [String]]

    /// What both have in common: the score node, the explain node, or for coders the method.
    var common: String {
        switch kind {
        case .methods, .judges, .scorers: a.explainedBy
        case .coders: a.name == b.name ? a.name : "\(a.name), \(b.name)"
        default: a.node == b.node ? a.node : "\(a.node), \(b.node)"
        }
    }

    /// Whether both scored the same explanations.
    var isOfSameExplanations: Bool { a.explainedBy == b.explainedBy }
}

extension ComparedNodes {
    /// The pairs of scores that two nodes with a role give, in the order of the summaries.
    func pairs(_ role: Role, _ a: String, _ b: String) -> [ComparedPair] {
        switch role {
        case .explain: explainers(a, b)
        case .score: scorers(a, b)
        case .encode: coders(a, b)
        }
    }

    /// Every pair of nodes with at least two latents to compare, by kind in the order of the paper's tables.
    ///
    /// - Parameters:
    ///   - kinds: The kinds of pairs.
    ///   - besideFirst: Whether nodes are compared with the first of their kind alone.
    func allPairs(
        of kinds: [ComparisonKind] = ComparisonKind.allCases, besideFirst: Bool = false
    ) -> [ComparedPair] {
        let all = [Role.score, .explain, .encode].flatMap { role -> [ComparedPair] in
            let nodes = nodes(role)
            return nodes.indices.flatMap { first in
                nodes[(first + 1)...].flatMap { pairs(role, nodes[first], $0) }
            }
        }.filter { kinds.contains($0.kind) && ($0.kind == .coders || $0.hasTwoLatents) }
        return kinds.flatMap { kind in
            let own = all.filter { $0.kind == kind }
            guard besideFirst else { return own }
            return own.filter { pair in !own.contains { $0.nodes.b == pair.nodes.a && $0.common == pair.common } }
        }
    }

    private func explainers(_ a: String, _ b: String) -> [ComparedPair] {
        let kind = kind(ofExplainers: a, b)
        return summaries.filter { $0.explainedBy == a }.flatMap { ofA in
            summaries.filter { ofB in
                guard ofB.explainedBy == b, ofB.coder == ofA.coder, ofB.method == ofA.method else { return false }
                // Windows of another length have a score node of their own.
                return ofA.node == ofB.node || kind == .windows && scoreAlike(ofA.node, ofB.node)
            }.map { pair(kind, (a, b), ofA, $0) }
        }
    }

    private func scorers(_ a: String, _ b: String) -> [ComparedPair] {
        summaries.filter { $0.node == a }.flatMap { ofA in
            summaries.filter { $0.node == b && $0.explainedBy == ofA.explainedBy && $0.coder == ofA.coder }
                .map { pair(kind(ofScorers: ofA, $0), (a, b), ofA, $0) }
        }
    }

    private func coders(_ a: String, _ b: String) -> [ComparedPair] {
        summaries.filter { $0.coder == a && !$0.scores.isEmpty }.flatMap { ofA in
            summaries.filter { ofB in
                ofB.coder == b && ofB.method == ofA.method && !ofB.scores.isEmpty
                    && explainAlike(ofA.explainedBy, ofB.explainedBy) && scoreAlike(ofA.node, ofB.node)
            }.map { pair(.coders, (a, b), ofA, $0) }
        }
    }

    private func pair(
        _ kind: ComparisonKind, _ nodes: (a: String, b: String), _ a: ScoreSummary, _ b: ScoreSummary
    ) -> ComparedPair {
        ComparedPair(kind: kind, nodes: nodes, a: a, b: b, differences: differences(nodes.a, nodes.b))
    }
}
