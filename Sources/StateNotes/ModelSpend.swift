import Foundation
package import Store

/// What one server was asked and what that cost, over all starts together.
public struct ModelSpend: Sendable, Hashable, Codable {
    /// Calls that were answered, also those whose answer was of no use.
    public var calls = 0
    /// Tokens sent.
    public var tokensIn = 0
    /// Tokens answered with.
    public var tokensOut = 0
    /// Those of the tokens sent that the server said it had in its cache.
    public var tokensCached = 0
    /// The cost by the prices at the time of each call; `nil` if none were given.
    public var cost: Double?
    /// The tokens, sent and answered with, that went by batches; `nil` if none did.
    public var tokensBatched: Int?
    /// What the tokens would have cost besides if none had come from the server's cache; `nil` if that saved nothing.
    public var savedByCache: Double?
    /// What they would have cost besides if none had gone by batches; `nil` if that saved nothing.
    public var savedByBatches: Double?

    package init(calls: Int = 0, tokensIn: Int = 0, tokensOut: Int = 0, tokensCached: Int = 0, cost: Double? = nil) {
        self.calls = calls
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.tokensCached = tokensCached
        self.cost = cost
    }

    /// Adds what another process asked.
    mutating func add(_ other: ModelSpend) {
        func sum(_ one: Double?, _ two: Double?) -> Double? { one.map { $0 + (two ?? 0) } ?? two }
        calls &+= other.calls
        tokensIn &+= other.tokensIn
        tokensOut &+= other.tokensOut
        tokensCached &+= other.tokensCached
        cost = sum(cost, other.cost)
        tokensBatched = tokensBatched.map { $0 &+ (other.tokensBatched ?? 0) } ?? other.tokensBatched
        savedByCache = sum(savedByCache, other.savedByCache)
        savedByBatches = sum(savedByBatches, other.savedByBatches)
    }

    /// What every server was asked by the process of a state, or by those of all joined shares, by the name of its model; blocks.
    ///
    /// - Throws: `StoreError`, or `DecodingError` if a note has another form.
    package static func all(in reader: StoreReader) throws -> [String: ModelSpend] {
        try reader.parts.reduce(into: [:]) { all, part in
            for (model, spend) in try note.read(in: part) ?? [:] { all[model, default: ModelSpend()].add(spend) }
        }
    }

    /// What every server was asked, by the name of its model.
    package static let note = StateNote<[String: ModelSpend]>(json: "spend", formatting: .sortedKeys)
}
