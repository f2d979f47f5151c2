package import Elements
import GRDB

extension StoreReading {
    /// The explanations of some latents, which are given by coder and number, in the order of `explanations()`.
    package func explanations(
        about latents: [LatentKey], parts: ResultParts = .all
    ) throws(StoreError) -> [Explanation] {
        try results(about: latents, parts)
    }

    /// The scores of some latents, which are given by coder and number, in the order of `scores()`.
    package func scores(about latents: [LatentKey], parts: ResultParts = .all) throws(StoreError) -> [Score] {
        try results(about: latents, parts)
    }

    /// The explanations of a range of latents, in the order of `explanations()`.
    package func explanations(in range: LatentRange, parts: ResultParts = .all) throws(StoreError) -> [Explanation] {
        try results(of: nil, in: range, parts, while: { true }) ?? []
    }

    /// The scores of a range of latents, in the order of `scores()`.
    package func scores(in range: LatentRange, parts: ResultParts = .all) throws(StoreError) -> [Score] {
        try results(of: nil, in: range, parts, while: { true }) ?? []
    }

    private func results<Result: StoredResult>(
        about latents: [LatentKey], _ wanted: ResultParts
    ) throws(StoreError) -> [Result] {
        let parts = try connection.readEach { database, path -> [Result]? in
            let columns = try wanted.columns(of: Result.table, in: database)
            var found: [Result] = []
            for (coder, keys) in Dictionary(grouping: latents, by: \.coder).sorted(by: { $0.key < $1.key }) {
                let list = "[\(keys.map { String($0.latent) }.joined(separator: ","))]"
                // One statement: to begin one takes several times as long as to find a latent.
                let rows = try Row.fetchCursor(
                    database,
                    sql: """
                        SELECT \(columns) FROM \(Result.table)
                        WHERE coder = ? AND latent IN (SELECT value FROM json_each(?)) ORDER BY coder, latent, node, job
                        """, arguments: [coder, list])
                while let row = try rows.next() {
                    found.append(try Result.read(row, wanted, path: path))
                }
            }
            return found
        }
        return try joined(parts) ?? []
    }

    /// - Returns: `nil` if `goesOn` is false after a part of them.
    fileprivate func results<Result: StoredResult>(
        of node: String?, in range: LatentRange, _ wanted: ResultParts, while goesOn: () -> Bool
    ) throws(StoreError) -> [Result]? {
        let parts = try connection.readEach { database, path -> [Result]? in
            let (condition, arguments) = range.condition
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT \(try wanted.columns(of: Result.table, in: database)) FROM \(Result.table)
                    WHERE \(condition) \(node == nil ? "" : "AND node = ?") ORDER BY coder, latent, node, job
                    """, arguments: arguments + StatementArguments(node.map { [$0] } ?? []))
            return try PartedRows.read(rows, while: goesOn) { try Result.read($0, wanted, path: path) }
        }
        return try joined(parts)
    }

    private func joined<Result: StoredResult>(_ parts: [[Result]?]) throws(StoreError) -> [Result]? {
        try connection.joined(parts) {
            LatentKey(coder: $0.coder.name, latent: $0.latent)
        } by: {
            ($0.coder.name, $0.latent) < ($1.coder.name, $1.latent)
        }
    }
}

extension StoredResult {
    fileprivate static func read(_ row: Row, _ parts: ResultParts, path: String) throws -> Self {
        guard let result = Self(row, details: parts.details) else {
            throw StoreError.damaged(path: path, reason: "a row of the \(table) table cannot be read")
        }
        return result
    }
}

extension Store {
    /// The explanations that a part of the cores reads at once.
    private static let range = 32_768

    /// The explanations of a node, or of all, read by all cores; `nil` if `goesOn` is false after a part of them.
    package func explanations(
        of node: String?, while goesOn: @Sendable () -> Bool
    ) throws -> [Explanation]? {
        try inRanges(of: node, .all, while: goesOn)
    }

    /// The scores of a node, or of all, without texts and what was resampled and with some details, read by all cores; `nil` if
    /// `goesOn` is false after a part of them.
    package func scores(
        of node: String?, details: ResultParts.Details, while goesOn: @Sendable () -> Bool
    ) throws -> [Score]? {
        try inRanges(of: node, .figures(details: details), while: goesOn)
    }

    private func inRanges<Result: StoredResult & Sendable>(
        of node: String?, _ wanted: ResultParts, while goesOn: @Sendable () -> Bool
    ) throws -> [Result]? {
        let found: [[Result]?] = try latentRanges(of: Self.range).concurrentMap { range in
            Swift.Result { try self.results(of: node, in: range, wanted, while: goesOn) }
        }.map { try $0.get() }
        guard !found.contains(where: { $0 == nil }) else { return nil }
        return found.flatMap { $0 ?? [] }
    }
}
