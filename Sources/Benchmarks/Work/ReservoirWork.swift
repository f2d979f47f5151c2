internal import Dataflow
internal import Elements
internal import Evidence
internal import Hashing
internal import LinearAlgebra
internal import Synchronization

/// Sampling drawn codes, by all threads; the baseline is one thread alone.
struct ReservoirWork {
    /// Samples that fill, from an empty reservoir on: nearly all that is seen is kept.
    static let filling = ReservoirWork(latents: 131_072, tokensBefore: 0, tokens: 1 << 17)
    /// The same with eight times the latents.
    static let million = ReservoirWork(latents: 1_048_576, tokensBefore: 0, tokens: 1 << 17)
    /// Full samples: little of what is seen is kept.
    static let full = ReservoirWork(latents: 4096, tokensBefore: 1 << 19, tokens: 1 << 17)

    private static let contextsPerBatch = 16

    let latents: Int
    /// Tokens sampled before the first measurement.
    let tokensBefore: Int
    /// Tokens sampled in one measurement.
    let tokens: Int

    /// What goes on from one measurement to the next.
    private struct Stream: Sendable {
        var codes: DrawnCodes
        var reservoir: Reservoir
    }

    /// Sampling as it is measured; a million activations a second.
    func trial(_ threads: Int, _ seconds: Seconds) async throws -> Trial {
        let pool = ComputePool<Void>(name: "reservoir", threads: 1)
        let team = WorkTeam(name: "reservoir-help", helpers: threads - 1)
        let stream = Mutex(try start())
        let empty = try start().reservoir
        @Sendable func rate(threads: Int) async throws -> Double {
            try await pool.run { _ in
                try stream.withLock { stream in
                    if tokensBefore == 0 { stream.reservoir = empty }
                    let batches = Self.batches(of: tokens, from: &stream.codes)
                    let passed = try seconds.ofProcess(threads: threads) {
                        try Self.absorb(batches, into: &stream.reservoir, team, threads: threads)
                    }
                    return Double(batches.reduce(0) { $0 + $1.latents.count }) / 1e6 / passed
                }
            }
        }
        let bytes = try await pool.run { _ in
            try stream.withLock { stream in
                for batch in Self.batches(of: max(tokensBefore, tokens), from: &stream.codes) {
                    try Self.absorb([batch], into: &stream.reservoir, team, threads: threads)
                }
                return stream.reservoir.residentBytes / latents
            }
        }
        let title =
            "sampling, \(Figure.text(Double(latents))) latents, \(tokensBefore == 0 ? "filling" : "full"), "
            + "\(Figure.text(Double(bytes))) bytes a latent, \(threads) threads"
        return Trial(title: title, baseline: .work(name: "one thread") { try await rate(threads: 1) }) {
            try await rate(threads: threads)
        }
    }

    private func start() throws -> Stream {
        let coder = CoderIdentity(
            name: "drawn", hookpoint: "none", latents: latents, digest: Hash128(high: 0, low: UInt64(latents)))
        return Stream(
            codes: DrawnCodes(latents: latents, seed: 7),
            reservoir: Reservoir(settings: try ReservoirSettings(seed: 7), coder: coder))
    }

    private static func batches(of tokens: Int, from codes: inout DrawnCodes) -> [CodeBatch] {
        (0..<tokens / (256 * contextsPerBatch)).map { _ in codes.batch(contexts: contextsPerBatch) }
    }

    private static func absorb(
        _ batches: [CodeBatch], into reservoir: inout Reservoir, _ team: WorkTeam, threads: Int
    ) throws {
        try team.join(helpers: threads - 1) { members in
            let sharing = WorkSharing(members: members) { team.perform($0, members: members, $1) }
            return Result { for batch in batches { try reservoir.absorb(batch, sharing: sharing) } }
        }.get()
    }
}
