import Statistics
import Store

/// Which latents' results a report is made of, where there are more than can be read while somebody waits.
///
/// Latents are drawn by a hash of their numbers, so that every reading draws the same, and of two nodes the one that keeps less keeps
/// latents that the other keeps too. Each node has a share of its own: one that has scored few keeps all of them.
struct ResultDraw: Sendable, Hashable {
    /// The results that a report is made of unless all are asked for.
    static let usual = 60_000

    /// By node, the results of each coder.
    private let counts: [ResultCount]
    /// By node: the share of latents that is drawn; nothing of one whose results are all read.
    private let shares: [String: Double]

    /// Draws about `most` results of those that nodes have made; all if there are no more.
    init(from counts: [ResultCount], most: Int) {
        self.counts = counts
        let byNode = Dictionary(grouping: counts, by: \.node).mapValues { $0.reduce(0) { $0 + $1.count } }
        var (shares, room) = ([String: Double](), Double(max(most, 0)))
        // Nodes with few results keep all; what is left is shared evenly by those that have more.
        for (place, node) in byNode.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }).enumerated() {
            let kept = min(Double(node.value), room / Double(byNode.count - place))
            if kept < Double(node.value) { shares[node.key] = kept / Double(node.value) }
            room -= kept
        }
        self.shares = shares
    }

    /// The nodes of whose results some are left out, by name, with the number of their results.
    var drawn: [(node: String, results: Int)] {
        shares.keys.sorted().map { node in (node, counts.reduce(0) { $0 + ($1.node == node ? $1.count : 0) }) }
    }

    /// Whether nothing is left out.
    var isWhole: Bool { shares.isEmpty }

    /// Whether a node's results of a latent are drawn.
    func takes(_ latent: Int, of node: String) -> Bool { shares[node].map { Self.place(of: latent) < $0 } ?? true }

    /// The latents whose results have to be read, by coder and number.
    func latents(in reader: StoreReader) throws(StoreError) -> [LatentKey] {
        var keys: Set<LatentKey> = []
        for count in counts {
            let latents = shares[count.node] == nil ? try reader.latents(of: count) : Array(count.latents)
            for latent in latents where takes(latent, of: count.node) {
                keys.insert(LatentKey(coder: count.coder, latent: latent))
            }
        }
        return keys.sorted { ($0.coder, $0.latent) < ($1.coder, $1.latent) }
    }

    /// Where a latent lies between 0 and 1, evenly.
    private static func place(of latent: Int) -> Double {
        var generator = SeededGenerator(seed: UInt64(bitPattern: Int64(latent)))
        return generator.unit()
    }
}
