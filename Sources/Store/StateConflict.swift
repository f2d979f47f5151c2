import Foundation
import GRDB
import Hashing

/// A reason why a topology may not go on with the state of a directory.
public enum StateConflict: Sendable, Hashable {
    /// The state is that of a topology with another name.
    case otherName(stored: String, given: String)
    /// A node that keeps state there is no longer in the topology.
    case nodeRemoved(String)
    /// A node that keeps state, or one above it, was set differently; `changes` is empty if the version that made the state did
    /// not note its settings.
    case nodeChanged(String, changes: [Change])

    /// A setting that is not what it was.
    public struct Change: Sendable, Hashable, CustomStringConvertible {
        /// The id of the node that has it, or had it.
        public let node: String
        /// The field's name.
        public let field: String
        /// Its value when the state was made; `nil` if it had none.
        public let stored: String?
        /// Its value now; `nil` if it has none.
        public let given: String?

        /// Makes a change.
        public init(node: String, field: String, stored: String?, given: String?) {
            self.node = node
            self.field = field
            self.stored = stored
            self.given = given
        }

        /// Both values in words.
        public var description: String {
            "\(field) of \(node) was \(stored ?? "not set") and is \(given ?? "not set")"
        }
    }
}

extension StoreReading {
    /// The reasons why a topology may not go on with this state, in the order of names of its nodes.
    public func conflicts(with topology: TopologyIdentity) throws(StoreError) -> [StateConflict] {
        try connection.read { try StateConflict.all(between: topology, and: $0) }
    }
}

extension StateConflict {
    static let nameKey = "topology.name"

    static func all(between topology: TopologyIdentity, and database: Database) throws -> [StateConflict] {
        var conflicts: [StateConflict] = []
        let stored = try database.meta(nameKey)
        if let stored, stored != topology.name {
            conflicts.append(.otherName(stored: stored, given: topology.name))
        }
        let isMigrated = try database.columns(in: "node").contains { $0.name == "settings" }
        let known = try Row.fetchAll(
            database, sql: "SELECT id, digest, \(isMigrated ? "settings" : "NULL") FROM node ORDER BY id")
        for row in known {
            let node = row[0] as String? ?? ""
            guard let digest = topology.nodes[node] else {
                conflicts.append(.nodeRemoved(node))
                continue
            }
            guard (row[1] as String?) != digest.description else { continue }
            let settings = [StateSetting].stored(row[2] as String?)
            conflicts.append(
                .nodeChanged(node, changes: settings.map { changes(from: $0, to: topology.settings[node] ?? []) } ?? [])
            )
        }
        return conflicts
    }

    /// The settings that two have otherwise, by type of node and field.
    static func changes(from stored: [StateSetting], to given: [StateSetting]) -> [Change] {
        struct Place: Hashable { let type, field: String }
        func values(_ settings: [StateSetting]) -> [Place: (node: String, value: String)] {
            Dictionary(settings.map { (Place(type: $0.type, field: $0.field), ($0.node, $0.value)) }) {
                ($0.node, "\($0.value), \($1.value)")
            }
        }
        let (before, now) = (values(stored), values(given))
        return Set(before.keys).union(now.keys).sorted { ($0.type, $0.field) < ($1.type, $1.field) }
            .compactMap { place in
                let (old, new) = (before[place], now[place])
                guard let node = (new ?? old)?.node, old?.value != new?.value else { return nil }
                return Change(node: node, field: place.field, stored: old?.value, given: new?.value)
            }
    }

    /// The same as the error of a run that is refused.
    func error(path: String) -> StoreError {
        switch self {
        case .otherName(let stored, let given): .otherTopology(path: path, stored: stored, given: given)
        case .nodeRemoved(let node): .nodeRemoved(path: path, node: node)
        case .nodeChanged(let node, let changes): .nodeChanged(path: path, node: node, changes: changes)
        }
    }
}

extension [StateSetting] {
    /// Reads the form that `stored` gives; `nil` for anything else.
    static func stored(_ text: String?) -> [StateSetting]? {
        text.flatMap { try? JSONDecoder().decode([StateSetting].self, from: Data($0.utf8)) }
    }

    /// The settings as JSON.
    func stored() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
