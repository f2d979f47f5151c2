import GRDB

/// Latents that follow each other by coder and number.
package struct LatentRange: Sendable, Hashable {
    /// The first; `nil` from the first of all on.
    let start: LatentKey?
    /// The first that is not among them; `nil` up to the last of all.
    let end: LatentKey?

    /// The condition on rows with columns `coder` and `latent`, in a form that lets SQLite read a part of an index.
    var condition: (sql: String, arguments: StatementArguments) {
        var (parts, arguments) = ([String](), StatementArguments())
        if let start {
            parts.append("(coder, latent) >= (?, ?)")
            arguments += [start.coder, start.latent]
        }
        if let end {
            parts.append("(coder, latent) < (?, ?)")
            arguments += [end.coder, end.latent]
        }
        return (parts.isEmpty ? "TRUE" : parts.joined(separator: " AND "), arguments)
    }
}

extension StoreReading {
    /// All latents in ranges of about as many with an explanation, in order; reads an index alone.
    package func latentRanges(of size: Int) throws(StoreError) -> [LatentRange] {
        let parts = try connection.readEach { database, _ in
            var (keys, last) = ([LatentKey](), LatentKey?.none)
            repeat {
                let (condition, arguments) = LatentRange(start: last, end: nil).condition
                last = try Row.fetchOne(
                    database,
                    sql:
                        "SELECT coder, latent FROM explanation WHERE \(condition) ORDER BY coder, latent LIMIT 1 OFFSET ?",
                    arguments: arguments + [max(size, 1)]
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
