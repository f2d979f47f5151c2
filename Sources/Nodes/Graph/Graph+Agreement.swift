import Shuffle
import Store
import Topology

extension Graph {
    /// What all processes must have in common that share the topology's work, and the hash of it that their records carry, in words.
    ///
    /// Two processes whose records are refused by each other differ in one of the settings that are listed. Opens what
    /// the evidence depends on, so it blocks.
    ///
    /// - Throws: `DaemonError` if the topology has no `shuffle`; the errors of opening files.
    package func agreement() throws -> String {
        let (shuffle, identity) = (try shuffleSettings, try shuffleIdentity())
        var parts = [
            "name \(topology.name)", "shuffle.topic \(shuffle.topic)", "shuffle.shards \(shuffle.shards)",
            "shuffle.block \(shuffle.block)",
        ]
        var known: Set<StateSetting> = []
        for (_, settings) in try storeIdentity().settings.sorted(by: { $0.key < $1.key }) {
            for setting in settings where known.insert(setting).inserted {
                parts.append("\(setting.node).\(setting.field) \(setting.value)")
            }
        }
        return "\(identity.digest), of \(parts.joined(separator: ", "))"
    }
}
