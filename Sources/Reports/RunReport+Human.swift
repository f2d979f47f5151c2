import Elements

extension RunReport {
    /// By explain node: how many of its explanations that stand were given by persons; none of a node without any.
    var human: [String: Int] {
        Dictionary(grouping: explanations.filter { $0.provenance.origin != nil }, by: \.node).mapValues(\.count)
    }
}
