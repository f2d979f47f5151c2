import Foundation

/// The topology file by which a state was last worked on, so that the state can be looked at without it.
package struct TopologySource: Sendable, Hashable, Codable {
    /// The path of the file, from the root.
    package let file: String
    /// The folder from which it was run: relative paths in it are meant from there.
    package let directory: String
    /// Its text as it was written: variables and secrets stand in it by their names.
    package let text: String

    /// Makes a source.
    package init(file: String, directory: String, text: String) {
        self.file = file
        self.directory = directory
        self.text = text
    }

    /// The source; `nil` in a state that an older version wrote.
    package static let note = StateNote<TopologySource>(json: "topology.source", formatting: .sortedKeys)
}
