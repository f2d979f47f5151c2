import Foundation
package import Store

/// What a topology says of a node whose results are compared with another's.
package struct NodeSettings: Sendable, Hashable, Codable {
    /// Its place in the file, from 0 on.
    package let place: Int
    /// The type, such as `explain`.
    package let type: String
    /// The values of its fields as texts, by name, with the windows of the reservoir that it reads as `window`.
    package let fields: [String: String]

    /// Makes settings.
    package init(place: Int, type: String, fields: [String: String]) {
        self.place = place
        self.type = type
        self.fields = fields
    }

    /// By id of each node that a topology of a state, or of any of joined shares, had; blocks.
    ///
    /// - Throws: `StoreError`, `unjoinable` if a node was set otherwise in two shares, since its results are not of one kind then;
    ///   `DecodingError` if a note has another form.
    package static func all(in reader: StoreReader) throws -> [String: NodeSettings] {
        var all: [String: (settings: NodeSettings, share: String)] = [:]
        for part in reader.parts {
            for (node, settings) in try note.read(in: part) ?? [:] {
                guard let known = all[node] else {
                    all[node] = (settings, part.name)
                    continue
                }
                guard let field = settings.difference(from: known.settings) else { continue }
                throw StoreError.unjoinable(
                    path: reader.directory,
                    reason: "\(field) of \(node) is not the same in \(part.name) and \(known.share), so that results "
                        + "cannot be put together; start all processes with the same file")
            }
        }
        return all.mapValues(\.settings)
    }

    /// The first field that is set otherwise; the place in the file is none.
    private func difference(from other: NodeSettings) -> String? {
        guard type == other.type else { return "type" }
        return Set(fields.keys).union(other.fields.keys).sorted().first { fields[$0] != other.fields[$0] }
    }

    /// By id of each node that a topology of this state had.
    package static let note = StateNote<[String: NodeSettings]>(json: "nodes.settings", formatting: .sortedKeys)
}
