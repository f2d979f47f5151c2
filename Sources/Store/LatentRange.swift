import GRDB

/// Latents that follow each other by coder and number.
package struct LatentRange: Sendable, Hashable {
    /// The first; `nil` from the first of all on.
    let start: LatentKey?
    /// The first that is not among them; `nil` up to the last of all.
    let end: LatentKey?
}

extension StoreReading {
    /// All latents in ranges of about as many with an explanation, in order; reads an index alone.
    package func latentRanges(of size: Int) throws(StoreError) -> [LatentRange] {
        let parts = try connection.readEach { database, _ in
            var (keys, last) = ([LatentKey](), LatentKey?.none)
            repeat {
                let condition = RowCondition.range(LatentRange(start: last, end: nil))
                last = try Row.fetchOne(
                    database,
                    sql:
                        "SELECT coder, latent FROM explanation WHERE \(condition.sql) ORDER BY coder, latent LIMIT 1 OFFSET ?",
                    arguments: condition.arguments + [max(size, 1)]
                ).map(LatentKey.init)
                if let last { keys.append(last) }
            } while last != nil
            return keys
        }
        // Of shares, each of which has its own latents of every range, those of one bound all.
        let bounds: [LatentKey?] = (parts.max { $0.count < $1.count } ?? []).map { $0 }
        return zip([nil] + bounds, bounds + [nil]).map { LatentRange(start: $0, end: $1) }
    }
}
