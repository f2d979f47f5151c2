import Foundation
package import Store

/// Which models cannot be asked now, since their servers are away.
package enum AwayServers {
    /// By the name of the model in the topology: since when, in milliseconds since 1970.
    package static let note = StateNote<[String: Int64]>(json: "servers.away", formatting: .sortedKeys)

    /// Those of the process of a state, or of all whose shares are joined: since when the first of them has missed each; blocks.
    ///
    /// - Throws: `StoreError`, or `DecodingError` if a note has another form.
    package static func all(in reader: StoreReader) throws -> [String: Int64] {
        try reader.parts.reduce(into: [:]) { all, part in
            all.merge(try note.read(in: part) ?? [:], uniquingKeysWith: min)
        }
    }
}
