package import StateNotes
package import Store
import Synchronization
package import Topology

/// Adds up what the servers of a topology cost, and says when the budget is spent.
///
/// What is under way when it is spent is finished, so it is overdrawn by at most the calls that are being made at that moment.
package final class BudgetLedger: Sendable {
    private struct State {
        var budget: Budget?
        var models: [String: ModelSpend]
        var isSaved = true
    }

    private let state: Mutex<State>

    /// Opens a book with what earlier starts spent.
    package init(budget: Budget?, spent: [String: ModelSpend] = [:]) {
        state = Mutex(State(budget: budget, models: spent))
    }

    /// Goes on from what a store says was spent by earlier starts, perhaps under another budget; blocks.
    package func resume(from notes: any NoteKeeper) throws {
        guard let spent = try ModelSpend.note.read(in: notes) else { return }
        state.withLock { state in
            state.models = spent
            state.isSaved = false
        }
        try save(to: notes)
    }

    /// Goes by another budget from now on, for what was spent before as well.
    package func change(to budget: Budget?) {
        state.withLock { state in
            state.budget = budget
            // Whether it is spent is noted beside.
            state.isSaved = false
        }
    }

    /// What has been spent, by model.
    package var models: [String: ModelSpend] { state.withLock { $0.models } }

    /// Whether no more calls are to be made.
    package var isSpent: Bool {
        let (budget, tokens, cost) = account
        guard let budget else { return false }
        return budget.tokens.map { tokens >= $0 } ?? false || budget.cost.map { cost >= $0 } ?? false
    }

    /// The share of the budget that is used, by what is nearest to its end; `nil` without a budget.
    package var used: Double? {
        let (budget, tokens, cost) = account
        guard let budget else { return nil }
        let shares = [
            budget.tokens.map { Double(tokens) / Double(max($0, 1)) }, budget.cost.map { $0 > 0 ? cost / $0 : 1 },
        ]
        return shares.compactMap(\.self).max()
    }

    /// The budget that is in force, and what of it was spent.
    private var account: (budget: Budget?, tokens: Int, cost: Double) {
        state.withLock { state in
            state.models.sorted { $0.key < $1.key }.reduce((state.budget, 0, 0.0)) { sum, entry in
                (sum.0, sum.1 + entry.value.tokensIn + entry.value.tokensOut, sum.2 + (entry.value.cost ?? 0))
            }
        }
    }

    /// Counts a call and returns what it cost; `nil` without prices.
    @discardableResult
    package func charge(
        _ model: String, prices: TokenPrices?, tokensIn: Int, tokensOut: Int, tokensCached: Int, isBatched: Bool = false
    ) -> Double? {
        state.withLock { state in
            var cost: Double?
            var spend = state.models[model] ?? ModelSpend()
            spend.calls += 1
            spend.tokensIn += tokensIn
            spend.tokensOut += tokensOut
            spend.tokensCached += tokensCached
            if isBatched { spend.tokensBatched = (spend.tokensBatched ?? 0) + tokensIn + tokensOut }
            if let prices {
                let bill = TokenBill(
                    prices, tokensIn: tokensIn, tokensOut: tokensOut, tokensCached: tokensCached, isBatched: isBatched)
                cost = bill.cost
                spend.cost = (spend.cost ?? 0) + bill.cost
                if bill.savedByCache > 0 { spend.savedByCache = (spend.savedByCache ?? 0) + bill.savedByCache }
                if bill.savedByBatch > 0 { spend.savedByBatches = (spend.savedByBatches ?? 0) + bill.savedByBatch }
            }
            state.models[model] = spend
            state.isSaved = false
            return cost
        }
    }

    /// Writes the book down where it has changed; blocks.
    package func save(to notes: any NoteKeeper) throws {
        let changed = state.withLock { state -> [String: ModelSpend]? in
            guard !state.isSaved else { return nil }
            state.isSaved = true
            return state.models
        }
        guard let changed else { return }
        do {
            try ModelSpend.note.write(changed, to: notes)
            try BudgetNote.isSpent.write(isSpent, to: notes)
        } catch {
            state.withLock { $0.isSaved = false }
            throw error
        }
    }
}
