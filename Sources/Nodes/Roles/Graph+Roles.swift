import Elements
import Hashing
package import Kafka
package import Observability
package import Running
package import Shuffle
package import Store
package import Topology

extension Graph {
    /// The name under which is told how the shuffle topic does, in a process that writes to it.
    package static let telling = "shuffle"

    /// The name of the source by which a reservoir is told of the corpus, where other processes read it.
    static func tellingSource(of reservoir: String) -> String { "\(reservoir).shuffle" }

    /// The names under which the shuffle topic is read, one for each reservoir.
    package var tellingSources: Set<String> { Set(all((any Samples).self).map { Self.tellingSource(of: $0.id) }) }

    /// The nodes that put barriers into what they send, in a process of some role.
    package func barrierNodes(in role: Role) -> Set<String> {
        guard role.owned != nil else { return barrierNodes }
        return tellingSources
    }

    /// The nodes whose barriers a checkpoint waits for, in a process of some role.
    package func terminals(in role: Role) -> Set<String> {
        role.owned == nil ? terminals : Set(all((any Samples).self).map(\.id))
    }

    /// What the nodes that depend on brokers do for a run in some role, by node.
    package func brokerRoles(in role: Role) -> [String: Reach.Role] {
        switch role {
        case .whole: return brokerRoles
        case .ingest:
            let own = brokerRoles.filter { $0.value == .source }
            return own.merging([Self.telling: Reach.Role.sink]) { first, _ in first }
        case .evidence:
            let told = all((any Samples).self).map { (Self.tellingSource(of: $0.id), Reach.Role.source) }
            return brokerRoles.filter { $0.value == .sink }.merging(told) { first, _ in first }
        }
    }

    /// The identity of the state directory of a process in some role: another share of the latents is another state.
    package func storeIdentity(in role: Role) throws -> TopologyIdentity {
        let whole = try storeIdentity()
        guard let owned = role.owned else { return whole }
        let shuffle = try shuffleIdentity()
        let nodes = whole.nodes.mapValues { digest in
            var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x6f77_6e65_64), wide: true)
            for word in [digest.low, digest.high, shuffle.digest.low, shuffle.digest.high] { hasher.update(word) }
            hasher.update(Int64(owned.ordinal))
            hasher.update(Int64(owned.count))
            return hasher.finalize128()
        }
        return TopologyIdentity(name: whole.name, digest: whole.digest, nodes: nodes, settings: whole.settings)
    }

    /// What all processes of the topology must agree on; opens what the evidence depends on, so it blocks.
    ///
    /// - Throws: `DaemonError` if the topology has no `shuffle`; the errors of opening files.
    package func shuffleIdentity() throws -> ShuffleIdentity {
        let shuffle = try shuffleSettings
        var coders: [String: CoderIdentity] = [:]
        for sampler in all((any Samples).self) {
            coders[sampler.id] = try codes(above: sampler.node).coderIdentity(in: self)
        }
        return ShuffleIdentity(
            name: topology.name, topic: shuffle.topic, evidence: try storeIdentity().nodes, shards: shuffle.shards,
            block: Int64(shuffle.block), reservoirs: coders)
    }

    /// The latents that a process of some role owns, of the coder that a node descends from; `nil` for all of them.
    func shares(of role: Role, above node: Node) throws -> OwnedLatents? {
        guard let owned = role.owned else { return nil }
        let coder = try codes(above: node).coderIdentity(in: self)
        return OwnedLatents(ShardMap(coder: coder, shards: try shuffleSettings.shards), owned)
    }

    /// How the shuffle topic is reached.
    package func shuffleKafka() throws -> KafkaSettings {
        let shuffle = try shuffleSettings
        return KafkaSettings(brokers: shuffle.brokers, settings: try shuffle.settings.mapValues { try $0.revealed() })
    }

    /// The settings of the shuffle.
    ///
    /// - Throws: `DaemonError` if there are none.
    package var shuffleSettings: ShuffleSettings {
        get throws {
            guard let shuffle = topology.shuffle else {
                throw DaemonError(.configuration, "a role needs `shuffle: { brokers, topic, shards }` in the topology")
            }
            return shuffle
        }
    }
}
