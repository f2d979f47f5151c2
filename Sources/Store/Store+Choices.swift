public import Elements
import Foundation
import GRDB
import Hashing

/// A choice and when it was made.
public struct StoredChoice: Sendable, Hashable {
    /// The choice.
    public let choice: Choice
    /// When it was stored, in milliseconds since 1970.
    public let made: Int64

    /// Makes a stored choice.
    public init(choice: Choice, made: Int64) {
        self.choice = choice
        self.made = made
    }
}

/// An explanation and when it was stored.
public struct DatedExplanation: Sendable, Hashable {
    /// The explanation.
    public let explanation: Explanation
    /// When it was stored, in milliseconds since 1970.
    public let made: Int64

    /// Makes a dated explanation.
    public init(explanation: Explanation, made: Int64) {
        self.explanation = explanation
        self.made = made
    }
}

extension StoreReading {
    /// The choices between explanations of an explain node, or of all, and of one latent, or of all, in the order of epochs.
    ///
    /// Empty if the directory is from a version that recorded no choices.
    public func choices(
        of node: String? = nil, latent: LatentKey? = nil
    ) throws(StoreError) -> [StoredChoice] {
        try choices(of: node, latent: latent, while: { true }) ?? []
    }

    /// The choices of an explain node, or of all, in the same order; `nil` if `goesOn` is false after a part of them.
    package func choices(of node: String?, while goesOn: () -> Bool) throws(StoreError) -> [StoredChoice]? {
        try choices(of: node, latent: nil, while: goesOn)
    }

    private func choices(
        of node: String?, latent: LatentKey?, while goesOn: () -> Bool
    ) throws(StoreError) -> [StoredChoice]? {
        let parts = try connection.readEach { database, path -> [StoredChoice]? in
            guard try database.tableExists("choice") else { return [] }
            // Only without an `OR` is one latent looked up in the index.
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT * FROM choice
                    WHERE (?1 IS NULL OR node = ?1) AND \(latent == nil ? "TRUE" : "coder = ?2 AND latent = ?3")
                    ORDER BY epoch, coder, latent, node, challenger
                    """,
                arguments: [node] + (latent.map { [$0.coder, $0.latent] } ?? []))
            return try PartedRows.read(rows, while: goesOn) { row in
                guard let choice = StoredChoice(row) else {
                    throw StoreError.damaged(path: path, reason: "a row of the choice table cannot be read")
                }
                return choice
            }
        }
        return try connection.joined(parts) {
            LatentKey(coder: $0.choice.coder.name, latent: $0.choice.latent)
        } by: {
            ($0.choice.epoch, $0.choice.coder.name, $0.choice.latent)
                < ($1.choice.epoch, $1.choice.coder.name, $1.choice.latent)
        }
    }

    /// The choices between explanations of some latents, which are given by coder and number; of each in the order of epochs.
    package func choices(about latents: [LatentKey]) throws(StoreError) -> [StoredChoice] {
        let parts = try connection.readEach { database, path -> [StoredChoice]? in
            guard try database.tableExists("choice") else { return [] }
            let statement = try database.cachedStatement(
                sql: "SELECT * FROM choice WHERE coder = ? AND latent = ? ORDER BY epoch, node, challenger")
            return try latents.flatMap { key in
                try Row.fetchAll(statement, arguments: [key.coder, key.latent]).map { row in
                    guard let choice = StoredChoice(row) else {
                        throw StoreError.damaged(path: path, reason: "a row of the choice table cannot be read")
                    }
                    return choice
                }
            }
        }
        let all = try connection.joined(parts) {
            LatentKey(coder: $0.choice.coder.name, latent: $0.choice.latent)
        } by: {
            ($0.choice.coder.name, $0.choice.latent) < ($1.choice.coder.name, $1.choice.latent)
        }
        return all ?? []
    }

    /// The choices between explanations of a range of latents, in the order of epochs.
    package func choices(in range: LatentRange) throws(StoreError) -> [StoredChoice] {
        let parts = try connection.readEach { database, path -> [StoredChoice]? in
            guard try database.tableExists("choice") else { return [] }
            let (condition, arguments) = range.condition
            return try Row.fetchAll(
                database,
                sql: "SELECT * FROM choice WHERE \(condition) ORDER BY epoch, coder, latent, node, challenger",
                arguments: arguments
            ).map { row in
                guard let choice = StoredChoice(row) else {
                    throw StoreError.damaged(path: path, reason: "a row of the choice table cannot be read")
                }
                return choice
            }
        }
        let all = try connection.joined(parts) {
            LatentKey(coder: $0.choice.coder.name, latent: $0.choice.latent)
        } by: {
            ($0.choice.epoch, $0.choice.coder.name, $0.choice.latent)
                < ($1.choice.epoch, $1.choice.coder.name, $1.choice.latent)
        }
        return all ?? []
    }

    /// The explanations of one latent by all nodes, in the order in which they were made.
    public func datedExplanations(of latent: LatentKey) throws(StoreError) -> [DatedExplanation] {
        let parts = try connection.readEach { database, path -> [DatedExplanation] in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM explanation WHERE coder = ? AND latent = ? ORDER BY epoch, made, node, job",
                arguments: [latent.coder, latent.latent])
            return try rows.map { row in
                guard let explanation = Explanation(row) else {
                    throw StoreError.damaged(path: path, reason: "a row of the explanation table cannot be read")
                }
                return DatedExplanation(explanation: explanation, made: row["made"] as Int64? ?? 0)
            }
        }
        return parts.flatMap(\.self)
    }
}

extension StoredChoice {
    fileprivate init?(_ row: Row) {
        guard let challenger = JobID(row.text("challenger")), let standing = JobID(row.text("standing")),
            let coder = row.coder, let reason = AgainReason(rawValue: row.text("reason")),
            let outcome = ChoiceOutcome(rawValue: row.text("outcome")),
            let scores = try? JSONDecoder().decode([PairedScore].self, from: Data(row.text("scores").utf8))
        else { return nil }
        choice = Choice(
            challenger: challenger, standing: standing, node: row.text("node"), coder: coder,
            latent: row.integer("latent"), reason: reason, outcome: outcome, scores: scores, epoch: row.bits("epoch"))
        made = row["made"] as Int64? ?? 0
    }
}

extension Choice {
    /// Adds the choice's row; `false` if the choice about its challenger has been made already.
    func insert(at time: Int64, into database: Database) throws -> Bool {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let row: RowValues = [
            "challenger": challenger.description, "standing": standing.description, "node": node,
            "coder": coder.name, "hookpoint": coder.hookpoint, "latents": coder.latents,
            "coder_digest": coder.digest.description, "latent": latent, "reason": reason.rawValue,
            "outcome": outcome.rawValue,
            "scores": String(decoding: try encoder.encode(scores.map(\.withoutUnavailableFigures)), as: UTF8.self),
            "epoch": Int64(bitPattern: epoch), "made": time,
        ]
        return try row.insert(into: "choice", unlessKnownBy: "challenger", database)
    }
}

extension PairedScore {
    fileprivate var withoutUnavailableFigures: PairedScore {
        PairedScore(
            node: node, standing: standing.flatMap { $0.isFinite ? $0 : nil },
            challenger: challenger.flatMap { $0.isFinite ? $0 : nil },
            error: error.flatMap { $0.isFinite ? $0 : nil }, windows: windows, look: look)
    }
}
