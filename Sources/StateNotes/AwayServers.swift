import Foundation

/// Which models cannot be asked now, since their servers are away.
package enum AwayServers {
    /// By the name of the model in the topology: since when, in milliseconds since 1970.
    package static let note = StateNote<[String: Int64]>(json: "servers.away", formatting: .sortedKeys)
}
