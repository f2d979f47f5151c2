public import Elements
import Hashing

/// Examples in contiguous blocks of rank: block 0 holds the strongest.
///
/// From a uniform sample the ten blocks are the deciles of a latent's window peaks.
public struct RankBlocks: Sendable, Hashable {
    /// The blocks, strongest first; their sizes differ by at most one.
    public let blocks: [[Example]]

    /// Sorts examples by descending peak (ties: lower priority first) and cuts them into `count` blocks (at least one).
    public init(of examples: [Example], count: Int) {
        let sorted = examples.sorted {
            ($1.peak, $0.window.priority, $0.window.identity) < ($0.peak, $1.window.priority, $1.window.identity)
        }
        let blockCount = max(count, 1)
        blocks = (0..<blockCount).map { block in
            Array(sorted[(block * sorted.count / blockCount)..<((block + 1) * sorted.count / blockCount)])
        }
    }

    /// Each block in the order in which examples are taken from it: by the keyed hash of (latent, window).
    public func ordered(latent: Int, seed: UInt64) -> [[Example]] {
        let order = SeededOrder(seed: seed, purpose: .examples)
        return blocks.map { block in order.sorted(block, latent: latent) { $0.window.identity } }
    }

    /// At most `count` examples, as evenly from all blocks as they allow, each with its block.
    ///
    /// Within a block those with the lowest keyed hash of (latent, window) are taken, so a choice depends on nothing
    /// but the seed, the latent and the windows. What a short block lacks comes from the others, strongest first.
    public func choose(_ count: Int, latent: Int, seed: UInt64) -> [RankedExample] {
        var queues = ordered(latent: latent, seed: seed).map { $0[...] }
        var chosen: [RankedExample] = []
        while chosen.count < count, queues.contains(where: { !$0.isEmpty }) {
            for index in queues.indices where chosen.count < count {
                if let example = queues[index].popFirst() {
                    chosen.append(RankedExample(example: example, block: index))
                }
            }
        }
        return chosen.sorted {
            ($0.block, $1.example.peak, $0.example.window.identity)
                < ($1.block, $0.example.peak, $1.example.window.identity)
        }
    }
}

/// An example and the block of rank it is from.
public struct RankedExample: Sendable, Hashable {
    /// The example.
    public let example: Example
    /// The block; 0 is the strongest.
    public let block: Int

    /// Makes a ranked example.
    public init(example: Example, block: Int) {
        self.example = example
        self.block = block
    }
}
