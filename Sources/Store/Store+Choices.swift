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
        try rows(where: latent.map { .latent($0) && .node(node) } ?? .node(node))
    }

    /// The choices of an explain node, or of all, in the same order; `nil` if `goesOn` is false after a part of them.
    package func choices(of node: String?, while goesOn: () -> Bool) throws(StoreError) -> [StoredChoice]? {
        try rows(where: [.node(node)], while: goesOn)
    }

    /// The choices between explanations of some latents, which are given by coder and number; of each coder in the order of epochs.
    package func choices(about latents: [LatentKey]) throws(StoreError) -> [StoredChoice] {
        try rows(where: RowCondition.latents(latents)) ?? []
    }

    /// The choices between explanations of a range of latents, in the order of epochs.
    package func choices(in range: LatentRange) throws(StoreError) -> [StoredChoice] {
        try rows(where: .range(range))
    }

    /// The explanations of one latent by all nodes, in the order in which they were made.
    public func datedExplanations(of latent: LatentKey) throws(StoreError) -> [DatedExplanation] {
        let parts = try connection.readEach { database, path -> [DatedExplanation] in
            let rows = try ResultRows(
                database,
                sql: "SELECT * FROM explanation WHERE coder = ? AND latent = ? ORDER BY epoch, made, node, job",
                arguments: [latent.coder, latent.latent])
            var found: [DatedExplanation] = []
            while let row = try rows.next() {
                found.append(
                    DatedExplanation(explanation: try Explanation.read(row, path: path), made: row[.made] ?? 0))
            }
            return found
        }
        return parts.flatMap(\.self)
    }
}

extension StoredChoice: StoredRow {
    static var table: String { "choice" }
    static var order: String { "epoch, coder, latent, node, challenger" }
    static var isNew: Bool { true }
    var key: LatentKey { LatentKey(coder: choice.coder.name, latent: choice.latent) }

    static func precedes(_ left: StoredChoice, _ right: StoredChoice) -> Bool {
        (left.choice.epoch, left.choice.coder.name, left.choice.latent)
            < (right.choice.epoch, right.choice.coder.name, right.choice.latent)
    }

    init?(_ row: ResultRow, details: ResultParts.Details?) {
        guard let challenger = row.hash(.challenger), let standing = row.hash(.standing), let coder = row.coder,
            let reason = AgainReason(rawValue: row.text(.reason)),
            let outcome = ChoiceOutcome(rawValue: row.text(.outcome)),
            let scores = try? JSONDecoder().decode([PairedScore].self, from: Data(row.text(.scores).utf8))
        else { return nil }
        choice = Choice(
            challenger: challenger, standing: standing, node: row.text(.node), coder: coder,
            latent: row.integer(.latent), reason: reason, outcome: outcome, scores: scores, epoch: row.bits(.epoch))
        made = row[.made] ?? 0
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
