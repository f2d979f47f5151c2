import GRDB

/// What the states of processes that share one topology have in common.
struct SharedTopology {
    private let name: String?
    /// By id of each node that keeps state: its settings as they are stored, since digests are others in each share.
    private let nodes: [String: String]

    /// Reads them; blocks.
    private init(of share: StoreReader) throws(StoreError) {
        (name, nodes) = try share.connection.read { database -> (String?, [String: String]) in
            let isMigrated = try database.columns(in: "node").contains { $0.name == "settings" }
            let rows = try Row.fetchAll(database, sql: "SELECT id, \(isMigrated ? "settings" : "NULL") FROM node")
            let nodes = rows.map { ($0[0] as String? ?? "", $0[1] as String? ?? "") }
            return (try database.meta(StateConflict.nameKey), Dictionary(nodes) { first, _ in first })
        }
    }

    /// Compares the states in the shares of a directory; blocks.
    ///
    /// - Throws: `unjoinable` naming a share and what is not as in the first one.
    static func check(_ shares: [StoreReader], in directory: String) throws(StoreError) {
        guard let first = shares.first else { return }
        let expected = try SharedTopology(of: first)
        for share in shares.dropFirst() {
            let found = try SharedTopology(of: share)
            guard let difference = found.difference(from: expected) else { continue }
            throw .unjoinable(
                path: directory,
                reason: "\(share.name) is not of the same topology as \(first.name): \(difference); put shares of one "
                    + "topology into a directory of their own, or start all processes with the same file")
        }
    }

    private func difference(from expected: SharedTopology) -> String? {
        guard name == expected.name else { return "its name is '\(name ?? "")', not '\(expected.name ?? "")'" }
        for node in Set(nodes.keys).union(expected.nodes.keys).sorted() {
            guard let own = nodes[node] else { return "it has no state of node '\(node)'" }
            guard let other = expected.nodes[node] else { return "it alone has state of node '\(node)'" }
            guard own != other else { continue }
            let changes = StateConflict.changes(
                from: [StateSetting].stored(other) ?? [], to: [StateSetting].stored(own) ?? [])
            return changes.first.map {
                "\($0.field) of \($0.node) is \($0.given ?? "not set"), not \($0.stored ?? "not set")"
            } ?? "its node '\(node)' is set otherwise"
        }
        return nil
    }
}
