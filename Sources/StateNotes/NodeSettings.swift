import Foundation

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

    /// By id of each node that a topology of this state had.
    package static let note = StateNote<[String: NodeSettings]>(json: "nodes.settings", formatting: .sortedKeys)
}
