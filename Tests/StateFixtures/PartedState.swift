package import Elements
import Foundation
package import Store

/// The state of one process, and the same as those of several, each with the latents that it owns.
package struct PartedState {
    private let directory: TemporaryDirectory
    /// The state of one process.
    package let whole: Store
    /// The states of several.
    package let shares: [Store]

    /// Makes states that hold nothing.
    ///
    /// - Parameters:
    ///   - topology: The topology of each share.
    ///   - now: The clock of all.
    package init(
        _ count: Int, topology: (Int) -> TopologyIdentity = { _ in Fixture.topology },
        now: @escaping @Sendable () -> Int64 = { Fixture.time }
    ) throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        whole = try Store(
            directory: directory.path + "/whole", topology: Fixture.topology, now: now)
        shares = try (0..<count).map {
            try Store(
                directory: directory.path + "/parted/shards-\($0)-of-\(count)", topology: topology($0),
                now: now)
        }
    }

    /// The directory of the one state.
    package var wholePath: String { directory.path + "/whole" }
    /// The directory that holds the shares.
    package var path: String { directory.path + "/parted" }

    /// The directory of a share.
    package func path(of share: Int) -> String { path + "/shards-\(share)-of-\(shares.count)" }

    /// The share that owns a latent.
    package func owner(of latent: Int) -> Int { latent % shares.count }

    /// Stores results in the one state, and each in that of its owner.
    package func record(
        explanations: [Explanation] = [], scores: [Score] = [], choices: [Choice] = []
    ) throws {
        try whole.record(explanations: explanations, scores: scores, choices: choices)
        for (number, share) in shares.enumerated() {
            try share.record(
                explanations: explanations.filter { owner(of: $0.latent) == number },
                scores: scores.filter { owner(of: $0.latent) == number },
                choices: choices.filter { owner(of: $0.latent) == number })
        }
    }

    /// Stores jobs likewise, and gives up those that have a reason.
    package func insert(_ jobs: [PlannedJob], failing reasons: [JobID: String] = [:]) throws {
        func insert(_ jobs: [PlannedJob], into store: Store) throws {
            try store.insertJobs(jobs)
            for job in jobs {
                if let reason = reasons[job.id] { try store.fail(job: job.id, reason: reason, attempts: 1) }
            }
        }
        try insert(jobs, into: whole)
        for (number, share) in shares.enumerated() {
            try insert(jobs.filter { owner(of: $0.latent) == number }, into: share)
        }
    }

    /// Commits a checkpoint with a fence of each of eight partitions of the shuffle topic, and dead letters, by partition.
    package func commit(epoch: UInt64, next: Int64 = 9, deadLetters: [DeadLetter] = []) throws {
        func commit(_ isOwn: (Int) -> Bool) -> CheckpointCommit {
            CheckpointCommit(
                epoch: epoch,
                fences: (0..<8).filter(isOwn).map {
                    Fixture.fence("evidence.shuffle", partition: Int32($0), next: next + Int64($0))
                },
                deadLetters: deadLetters.filter { isOwn(Int($0.position.offset)) })
        }
        try whole.commit(commit { _ in true })
        for (number, share) in shares.enumerated() { try share.commit(commit { owner(of: $0) == number }) }
    }
}
