import Elements
import Interchange
import StateNotes
import Store

/// Comparisons of the nodes of a state directory.
public struct NodeComparisons: Sendable {
    /// The comparisons, by kind in the order of the paper's tables.
    public let all: [NodeComparison]
    /// The nodes of whose results these are a draw, by name; none if they are of all.
    public let drawn: [DrawnResults]

    /// Reads a state directory, while a daemon runs on it or after it has stopped.
    ///
    /// - Parameters:
    ///   - nodes: The two nodes; `nil` for every pair that shares latents.
    ///   - method: The only method whose scores are compared; `nil` for all.
    ///   - most: About how many results they are made of, if there are more: those of latents drawn at random.
    /// - Throws: `ComparisonError` if the nodes cannot be compared; `StoreError`.
    public init(
        directory: String, nodes: (a: String, b: String)?, method: String? = nil, most: Int = RunReport.usual
    ) throws {
        let reader = try Store.joinedReader(directory: directory)
        let results = try SummarisedResults(in: reader, directory: directory, most: most)
        let compared = results.compared
        drawn = results.drawn
        let pairs =
            try nodes.map { try compared.pairs($0.a, $0.b, method: method) }
            ?? compared.allPairs().filter { method == nil || [$0.a.method, $0.b.method].contains(method) }
        if let method, pairs.isEmpty { throw ComparisonError(compared.absence(ofMethod: method)) }
        all = try pairs.compactMap { pair in
            try NodeComparison(pair) { job in try reader.verdicts(of: job).flatMap { KeptVerdicts(bytes: $0) } }
        }
    }
}

extension ComparedNodes {
    /// The pairs that two nodes give.
    ///
    /// - Throws: `ComparisonError` that says why there are none.
    func pairs(_ a: String, _ b: String, method: String?) throws(ComparisonError) -> [ComparedPair] {
        guard a != b else { throw ComparisonError("\(a) is named twice; name two nodes") }
        let (ofA, ofB) = (try known(a), try known(b))
        guard ofA == ofB else {
            throw ComparisonError(
                "\(a) is \(ofA.article) node and \(b) is \(ofB.article) node; compare two of one type")
        }
        let all = pairs(ofA, a, b)
        guard !all.isEmpty else { throw ComparisonError("\(a) and \(b) cannot be compared: \(reason(ofA, a, b))") }
        let pairs = all.filter { $0.kind == .coders || !$0.latents.isEmpty }
        guard !pairs.isEmpty else {
            throw ComparisonError("\(a) and \(b) cannot be compared: no latent has a score with both")
        }
        let wanted = pairs.filter { method == nil || [$0.a.method, $0.b.method].contains(method) }
        guard !wanted.isEmpty else { throw ComparisonError(absence(ofMethod: method ?? "", among: pairs)) }
        return wanted
    }

    private func known(_ node: String) throws(ComparisonError) -> Role {
        if let role = role(of: node) { return role }
        let names = [Role.explain, .score, .encode].flatMap { nodes($0) }
        throw ComparisonError(
            "no node `\(node)` has a score here"
                + (names.isEmpty ? "; nothing has been scored yet" : "; there are: " + names.joined(separator: ", ")))
    }

    /// Why two nodes with a role give no pair.
    private func reason(_ role: Role, _ a: String, _ b: String) -> String {
        func list(_ names: [String]) -> String { names.isEmpty ? "none" : Set(names).sorted().joined(separator: ", ") }
        switch role {
        case .explain:
            let (ofA, ofB) = (summaries.filter { $0.explainedBy == a }, summaries.filter { $0.explainedBy == b })
            let (coderA, coderB) = (list(ofA.map(\.coder)), list(ofB.map(\.coder)))
            if !ofA.isEmpty, !ofB.isEmpty, coderA != coderB {
                return "they explain latents of two coders, \(coderA) and \(coderB); compare these"
            }
            return "no score node has scored both (\(a): \(list(ofA.map(\.node))); \(b): \(list(ofB.map(\.node)))); "
                + "let one read both"
        case .score:
            let coders = [a, b].map { node in Set(summaries.filter { $0.node == node }.map(\.coder)) }
            if coders[0].isDisjoint(with: coders[1]) {
                return
                    "they have scored latents of two coders, \(list(Array(coders[0]))) and \(list(Array(coders[1]))); "
                    + "compare these"
            }
            func explainers(_ node: String) -> String { list(summaries.filter { $0.node == node }.map(\.explainedBy)) }
            return "they have scored no explain node in common (\(a): \(explainers(a)); \(b): \(explainers(b))); "
                + "let both read one"
        case .encode:
            func methods(_ coder: String) -> String { list(summaries.filter { $0.coder == coder }.map(\.method)) }
            return "no method has scored explanations of both that were made in one way (\(a): \(methods(a)); "
                + "\(b): \(methods(b)))"
        }
    }

    /// What is said if a method has no pair.
    func absence(ofMethod method: String, among pairs: [ComparedPair]? = nil) -> String {
        let methods = Set((pairs ?? allPairs()).flatMap { [$0.a.method, $0.b.method] }).sorted()
        return "no scores of method `\(method)` can be compared"
            + (methods.isEmpty ? "" : "; there are: " + methods.joined(separator: ", "))
    }
}

extension ComparedNodes.Role {
    fileprivate var article: String { self == .explain || self == .encode ? "an \(rawValue)" : "a \(rawValue)" }
}
