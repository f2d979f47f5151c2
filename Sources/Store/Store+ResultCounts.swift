import GRDB

/// How many results a node has made of a coder's latents.
package struct ResultCount: Sendable, Hashable {
    /// The id of the node.
    package let node: String
    /// The id of the encode node.
    package let coder: String
    /// The number of its jobs that are done.
    package let count: Int
    /// The least and the largest number of their latents.
    package let latents: ClosedRange<Int>

    /// Makes a count.
    package init(node: String, coder: String, count: Int, latents: ClosedRange<Int>) {
        self.node = node
        self.coder = coder
        self.count = count
        self.latents = latents
    }
}

extension StoreReading {
    /// How many results there are, by node and coder; reads an index alone.
    package func resultCounts() throws(StoreError) -> [ResultCount] {
        let parts = try connection.readEach { database, _ -> [ResultCount] in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT node, coder, count(*) AS count FROM job WHERE state = 'done' GROUP BY node, coder")
            return try rows.map { row in
                let (node, coder) = (row.text("node"), row.text("coder"))
                // Each by itself is one step in the index.
                func latent(_ which: String) throws -> Int {
                    try Int.fetchOne(
                        database,
                        sql: "SELECT \(which)(latent) FROM job WHERE state = 'done' AND node = ? AND coder = ?",
                        arguments: [node, coder]) ?? 0
                }
                return ResultCount(
                    node: node, coder: coder, count: row.integer("count"),
                    latents: try latent("min")...latent("max"))
            }
        }
        var all: [[String]: ResultCount] = [:]
        for next in parts.joined() {
            guard let known = all[[next.node, next.coder]] else {
                all[[next.node, next.coder]] = next
                continue
            }
            let least = min(known.latents.lowerBound, next.latents.lowerBound)
            let largest = max(known.latents.upperBound, next.latents.upperBound)
            all[[next.node, next.coder]] = ResultCount(
                node: next.node, coder: next.coder, count: known.count + next.count, latents: least...largest)
        }
        return all.values.sorted { ($0.node, $0.coder) < ($1.node, $1.coder) }
    }

    /// The latents that a count is of, by their numbers; reads an index alone.
    package func latents(of count: ResultCount) throws(StoreError) -> [Int] {
        let parts = try connection.readEach { database, _ in
            try Int.fetchAll(
                database,
                sql: "SELECT DISTINCT latent FROM job WHERE state = 'done' AND node = ? AND coder = ? ORDER BY latent",
                arguments: [count.node, count.coder])
        }
        return parts.count == 1 ? parts[0] : parts.joined().sorted()
    }
}
