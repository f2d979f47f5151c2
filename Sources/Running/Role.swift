import Elements
package import Shuffle
package import Topology

/// What a process does of a topology's work.
package enum Role: Sendable, Hashable {
    /// All of it.
    case whole
    /// It reads a part of the corpus' partitions up to the codes, and tells the owners of shares what enters its samples: the
    /// partitions of its number, or without one those that the consumer group leaves to it.
    case ingest(OwnedShards?)
    /// It owns some shares of the latents: merges what it is told of them, explains and scores them.
    case evidence(OwnedShards)

    /// Whether it keeps no state of its own.
    package var isIngest: Bool { if case .ingest = self { true } else { false } }

    /// The shares that it owns; `nil` if that is not a question.
    package var owned: OwnedShards? { if case .evidence(let owned) = self { owned } else { nil } }

    /// The topology with the state directory of a process in this role: below the one that it names for all.
    package func part(of topology: Topology) -> Topology {
        guard let owned else { return topology }
        let share = ShareName(ordinal: owned.ordinal, of: owned.count)
        return topology.with(stateDirectory: share.path(in: topology.state.directory))
    }
}
