import GRDB

/// A latent of a coder, as results name it.
public struct LatentKey: Sendable, Hashable {
    /// The id of the encode node.
    public let coder: String
    /// The latent.
    public let latent: Int

    /// Makes a key.
    public init(coder: String, latent: Int) {
        self.coder = coder
        self.latent = latent
    }
}

extension StoreReading {
    /// The latents that have a result or a job that was given up, by coder and latent, at most `limit` of them.
    ///
    /// - Parameters:
    ///   - coder: Restricts them to one coder.
    ///   - last: Restricts them to those after this one.
    public func latents(
        coder: String? = nil, after last: LatentKey? = nil, limit: Int
    ) throws(StoreError) -> [LatentKey] {
        try connection.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT coder, latent FROM event
                    WHERE (?1 IS NULL OR coder = ?1) AND (?2 IS NULL OR (coder, latent) > (?2, ?3))
                    ORDER BY coder, latent LIMIT ?4
                    """, arguments: [coder, last?.coder, last?.latent, max(limit, 0)])
            return rows.map { LatentKey(coder: $0[0] as String? ?? "", latent: Int($0[1] as Int64? ?? 0)) }
        }
    }
}
