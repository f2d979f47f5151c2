import Store

/// Jobs of a node that failed for one reason.
public struct FailedJobs: Sendable, Hashable {
    /// The node.
    public let node: String
    /// The reason.
    public let reason: String
    /// The latents that they are about as `coder/latent`, in order, each once.
    public let latents: [String]
    /// How many there are.
    public let count: Int

    /// The latents that a line names.
    private static let named = 5

    /// The jobs by node and reason, the commonest reason of a node first.
    static func all(_ jobs: [JobRecord]) -> [FailedJobs] {
        Dictionary(grouping: jobs, by: \.job.node).sorted { $0.key < $1.key }.flatMap { node, jobs in
            Dictionary(grouping: jobs) { $0.reason ?? "" }.map { FailedJobs(node, reason: $0.key, $0.value) }
                .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
        }
    }

    private init(_ node: String, reason: String, _ jobs: [JobRecord]) {
        self.node = node
        self.reason = reason
        count = jobs.count
        let keys = Set(jobs.map { LatentKey(coder: $0.job.coder, latent: $0.job.latent) })
        latents = keys.sorted { ($0.coder, $0.latent) < ($1.coder, $1.latent) }.map(\.written)
    }

    /// The number, the reason and the first latents.
    var line: String {
        let further = latents.count > Self.named ? " and \(latents.count - Self.named) more" : ""
        return "\(count): \(reason) (\(latents.prefix(Self.named).joined(separator: ", "))\(further))"
    }
}
