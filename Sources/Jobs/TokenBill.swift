import Topology

/// What a call costs, and what its server's cache and its batch have saved: together what it costs without either.
struct TokenBill: Sendable, Hashable {
    /// What is paid.
    let cost: Double
    /// What the cache saves, without a batch.
    let savedByCache: Double
    /// What the batch saves of the rest.
    let savedByBatch: Double

    /// Makes the bill of a call.
    init(_ prices: TokenPrices, tokensIn: Int, tokensOut: Int, tokensCached: Int, isBatched: Bool) {
        let answered = Double(tokensOut) * prices.output
        let whole = (Double(tokensIn) * prices.input + answered) / 1e6
        let cached =
            (Double(tokensIn - tokensCached) * prices.input + Double(tokensCached) * prices.cached + answered) / 1e6
        savedByBatch = isBatched ? cached * prices.batchDiscount : 0
        savedByCache = whole - cached
        cost = cached - savedByBatch
    }
}
