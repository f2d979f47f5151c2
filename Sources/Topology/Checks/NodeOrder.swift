/// Orders nodes by what they read, and finds circles.
enum NodeOrder {
    /// The index of the first node of each id.
    static func indices(of drafts: [NodeDraft]) -> [String: Int] {
        Dictionary(drafts.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The indices of the nodes, each after all that it reads, and the circles that keep the others out.
    ///
    /// A node that reads a sink, which is a separate fault, counts as reading nothing. Of circles that share nodes, at
    /// least one is returned.
    /// Source: Kahn, "Topological sorting of large networks" (1962).
    static func order(of drafts: [NodeDraft]) -> (order: [Int], cycles: [[Int]]) {
        let indices = indices(of: drafts)
        let producers = drafts.map { draft in
            Set(draft.inputs.compactMap { indices[$0.node] }.filter { drafts[$0].kind != .sink })
        }
        var readers = [[Int]](repeating: [], count: drafts.count)
        for (index, set) in producers.enumerated() {
            for producer in set { readers[producer].append(index) }
        }
        var waiting = producers.map(\.count)
        var order = drafts.indices.filter { waiting[$0] == 0 }
        var next = 0
        while next < order.count {
            for reader in readers[order[next]].sorted() {
                waiting[reader] -= 1
                if waiting[reader] == 0 { order.append(reader) }
            }
            next += 1
        }
        return (order, cycles(among: drafts.indices.filter { waiting[$0] > 0 }, producers: producers))
    }

    /// The circles met by walking from each node to the first that it reads among those left.
    private static func cycles(among left: [Int], producers: [Set<Int>]) -> [[Int]] {
        let isLeft = Set(left)
        var visited: Set<Int> = []
        var cycles: [[Int]] = []
        for start in left where !visited.contains(start) {
            var walk: [Int] = []
            var node: Int? = start
            while let current = node, visited.insert(current).inserted {
                walk.append(current)
                node = producers[current].filter { isLeft.contains($0) }.min()
            }
            // Walks that end in an earlier one have met its circle already.
            if let node, let first = walk.firstIndex(of: node) { cycles.append(Array(walk[first...])) }
        }
        return cycles
    }

    /// Reports a circle, given against the flow, at the input by which its first node in the file closes it.
    static func report(_ cycle: [Int], of drafts: [NodeDraft], into findings: inout Findings) {
        guard let first = cycle.min(), let place = cycle.firstIndex(of: first) else { return }
        let againstFlow = Array(cycle[place...] + cycle[..<place])
        let flow = [first] + againstFlow.dropFirst().reversed() + [first]
        let chain = flow.map { drafts[$0].id }.joined(separator: " -> ")
        let closing = drafts[first].inputs.first { $0.node == drafts[flow[flow.count - 2]].id }
        findings.add(
            .cycle, at: closing?.mark ?? drafts[first].mark, "nodes feed each other in a circle: \(chain)",
            help: "take one of these inputs out")
    }
}
