/// Whether the budget of a topology was spent when it last ran.
package enum BudgetNote {
    /// True if it was spent; `nil` if there was nothing to spend.
    package static let isSpent = StateNote<Bool>(
        "spend.budget", decode: { $0 == "spent" }, encode: { $0 ? "spent" : "open" })
}
