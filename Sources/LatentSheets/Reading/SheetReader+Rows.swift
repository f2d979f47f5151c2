import Elements
package import Store

extension SheetReader {
    /// Rows of an index with what is only read for those that are shown.
    ///
    /// That is the windows kept of each latent, and when its score or explanation was made. It asks the database, so it blocks.
    ///
    /// - Throws: `StoreError`.
    package func filled(_ rows: [LatentRow]) throws(StoreError) -> [LatentRow] {
        let jobs = rows.map { $0.score(by: nil)?.job ?? $0.labels.first?.job }
        let made = try store.made(of: jobs.compactMap(\.self))
        return zip(rows, jobs).map { row, job in
            var row = row
            row.made = job.flatMap { made[$0] }.map(Timestamp.text)
            row.evidence = evidence(row.coder).map { update in
                LatentRow.KeptWindows(kept: update.view.sampled(of: row.latent), asked: coder(row.coder)?.sample)
            }
            return row
        }
    }
}
