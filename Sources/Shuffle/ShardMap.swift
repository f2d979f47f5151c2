package import Elements
import Hashing

/// Which share each latent of a coder belongs to: by a hash of coder and latent, the same in every process.
package struct ShardMap: Sendable {
    /// The number of shares.
    package let shards: Int
    private let table: [UInt16]

    /// The most shares that there can be.
    package static let most = 1024

    /// Makes the map of a coder's latents.
    package init(coder: CoderIdentity, shards: Int) {
        self.shards = min(max(1, shards), Self.most)
        let count = UInt64(self.shards)
        let key = SipKey(seed: 0, purpose: 0x7368_6172_64)
        table = (0..<max(0, coder.latents)).map { latent in
            var hasher = SipHasher(key: key, wide: false)
            hasher.update(text: coder.name)
            hasher.update(coder.digest.low)
            hasher.update(coder.digest.high)
            hasher.update(UInt64(latent))
            return UInt16(truncatingIfNeeded: hasher.finalize64() % count)
        }
    }

    /// The share of a latent; -1 for one that the coder does not have.
    package func shard(of latent: Int) -> Int { table.indices.contains(latent) ? Int(table[latent]) : -1 }
}

/// The latents of a coder that one of several processes owns.
package struct OwnedLatents: Sendable {
    private let map: ShardMap
    private let owned: OwnedShards

    /// Makes those of some shares.
    package init(_ map: ShardMap, _ owned: OwnedShards) {
        self.map = map
        self.owned = owned
    }

    /// Whether a latent is this process's.
    package func owns(_ latent: Int) -> Bool { owned.contains(map.shard(of: latent)) }
}

/// The shares of one of several processes that own them all together.
package struct OwnedShards: Sendable, Hashable {
    /// The number of the process, from 0.
    package let ordinal: Int
    /// The number of processes.
    package let count: Int

    /// Makes the part of a process.
    package init(ordinal: Int, of count: Int) {
        self.ordinal = ordinal
        self.count = max(1, count)
    }

    /// Whether a share, or a partition by its number, is this process's.
    package func contains(_ shard: Int) -> Bool { shard >= 0 && shard % count == ordinal }

    /// The shares of this process, ascending.
    package func shards(of all: Int) -> [Int] { (0..<max(0, all)).filter(contains) }
}
