package import Elements
package import Hashing

/// What all processes that share a topology's work must agree on.
package struct ShuffleIdentity: Sendable, Hashable {
    /// A hash of the topology's name, of all that its evidence depends on, and of what follows here.
    package let digest: Hash128
    /// The shares that latents are parted into, as many as the shuffle topic has partitions.
    package let shards: Int
    /// The offsets of a block: what is counted together.
    package let block: Int64
    /// By reservoir: the coder whose latents it samples.
    package let reservoirs: [String: CoderIdentity]

    /// Makes the identity of a topology.
    ///
    /// - Parameters:
    ///   - name: The topology's.
    ///   - topic: The shuffle topic: what was told in another one counts nothing in this one.
    ///   - evidence: By reservoir, a hash of all that its evidence depends on.
    package init(
        name: String, topic: String, evidence: [String: Hash128], shards: Int, block: Int64,
        reservoirs: [String: CoderIdentity]
    ) {
        self.shards = max(1, shards)
        self.block = max(1, block)
        self.reservoirs = reservoirs
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x7368_7566), wide: true)
        hasher.update(text: name)
        hasher.update(text: topic)
        hasher.update(Int64(self.shards))
        hasher.update(self.block)
        for (node, hash) in evidence.sorted(by: { $0.key < $1.key }) {
            hasher.update(text: node)
            hasher.update(hash.low)
            hasher.update(hash.high)
        }
        digest = hasher.finalize128()
    }

    /// The name of the consumer group under which processes of this topology commit offsets of the corpus.
    ///
    /// A process with another file is in another group: it can take nothing away from these.
    package func group(_ name: String) -> String { "\(name)-\(digest.description.prefix(12))" }

    /// The name under which those who own shards commit how far they have read.
    package func shardGroup(_ name: String) -> String { "\(group(name))-shards" }
}
