public import Elements

/// A latent and how near another it is.
public struct LatentNeighbour: Sendable, Hashable {
    /// The latent.
    public let latent: Int
    /// The Jaccard index of the two latents' windows, or the cosine of their directions.
    public let similarity: Double

    /// Makes a neighbour.
    public init(latent: Int, similarity: Double) {
        self.latent = latent
        self.similarity = similarity
    }

    /// The `count` nearest of some, nearest first (ties: the lower latent).
    static func nearest(_ count: Int, of all: [LatentNeighbour]) -> [LatentNeighbour] {
        Array(all.sorted { ($1.similarity, $0.latent) < ($0.similarity, $1.latent) }.prefix(max(count, 0)))
    }
}

/// Which latents fire in the same windows, estimated from the stored train samples: made once per view.
///
/// A sample holds the windows of lowest priority, and all latents share the priorities, so that samples are bottom-k
/// sketches (Cohen and Kaplan, 2007). Up to the lower of two samples' last priorities both list all their windows, and
/// among those the Jaccard index is that of a uniform sample of the union. A sample shorter than the longest one counts
/// as whole.
public struct CofiringNeighbours: Sendable {
    /// `[latents]`: the priorities of each latent's sample, ascending.
    private let samples: [[UInt64]]
    /// All priorities, ascending, and beside each the latent whose sample holds it.
    private let priorities: [UInt64]
    private let owners: [Int32]
    private let longest: Int

    /// Reads the train samples of all latents.
    public init(view: any EvidenceView) {
        self.init(
            samples: (0..<max(view.coder.latents, 0)).map { view.evidence(of: $0).train.map(\.window.priority) })
    }

    /// Takes the priorities of each latent's sample.
    init(samples: [[UInt64]]) {
        self.samples = samples.map { $0.sorted() }
        longest = samples.map(\.count).max() ?? 0
        var entries: [(priority: UInt64, latent: Int32)] = []
        entries.reserveCapacity(samples.reduce(0) { $0 + $1.count })
        for (latent, sample) in samples.enumerated() {
            for priority in sample { entries.append((priority, Int32(clamping: latent))) }
        }
        entries.sort { ($0.priority, $0.latent) < ($1.priority, $1.latent) }
        priorities = entries.map(\.priority)
        owners = entries.map(\.latent)
    }

    /// The bytes that its own structures take.
    public var residentBytes: Int {
        samples.reduce(samples.residentBytes + priorities.residentBytes + owners.residentBytes) {
            $0 + $1.residentBytes
        }
    }

    /// The most bytes that it takes of the samples of all latents, while it is made.
    public static func memoryEstimate(of pool: PoolShape) -> Double {
        let entries = Double(pool.latents) * Double(pool.sample)
        // Two priorities and an owner are kept of each; while it is made, both sorted together and unsorted.
        return Double(pool.latents) * 2 * PoolShape.header + entries * (8 + 8 + 4 + 8 + 16)
    }

    /// The latents that most often fire where a latent does, nearest first; those that never do are left out.
    public func neighbours(of latent: Int, count: Int) -> [LatentNeighbour] {
        guard samples.indices.contains(latent) else { return [] }
        var shared: [Int32: Int] = [:]
        for priority in samples[latent] {
            var place = Self.count(below: priority, in: priorities)
            while place < priorities.count, priorities[place] == priority {
                shared[owners[place], default: 0] += 1
                place += 1
            }
        }
        let all = shared.compactMap { other, common -> LatentNeighbour? in
            guard Int(other) != latent else { return nil }
            let last = min(limit(of: latent), limit(of: Int(other)))
            let union = Self.count(upTo: last, in: samples[latent]) + Self.count(upTo: last, in: samples[Int(other)])
            return LatentNeighbour(latent: Int(other), similarity: Double(common) / Double(max(union - common, 1)))
        }
        return LatentNeighbour.nearest(count, of: all)
    }

    /// Up to which priority a sample lists every window of its latent.
    private func limit(of latent: Int) -> UInt64 {
        samples[latent].count < longest ? .max : samples[latent].last ?? .max
    }

    private static func count(upTo limit: UInt64, in sorted: [UInt64]) -> Int {
        limit == .max ? sorted.count : count(below: limit + 1, in: sorted)
    }

    private static func count(below limit: UInt64, in sorted: [UInt64]) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < limit { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
