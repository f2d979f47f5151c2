/// Lines of what is past, which wait until it is known which results are the last.
struct PastEvents: Sendable {
    /// The most results that are kept.
    let limit: Int
    private var results: [String] = []
    private var evidence: [String] = []

    /// Makes one that holds nothing.
    init(limit: Int) { self.limit = limit }

    /// All that is kept: the last results, then how evidence stands.
    var lines: [String] { results + evidence }

    /// Keeps a line; evidence does not count as a result, and takes the place of none.
    mutating func hold(_ line: String, isEvidence: Bool) {
        guard !isEvidence else { return evidence.append(line) }
        results.append(line)
        if results.count > limit { results.removeFirst(results.count - limit) }
    }
}
