import Elements
import Explaining
import Store
import Synchronization

/// The succession of the explanations of one explain node, shared by it and the score nodes behind it.
final class Succession: Sendable {
    /// When its latents are explained again.
    let rule: AgainRule
    private let book: Mutex<SuccessionBook>

    init(rule: AgainRule, book: SuccessionBook = SuccessionBook()) {
        self.rule = rule
        self.book = Mutex(book)
    }

    /// Reads what was stored of an explain node; blocks.
    convenience init(of node: String, rule: AgainRule, store: Store) throws {
        self.init(
            rule: rule,
            book: SuccessionBook(
                explanations: try store.explanations(of: node), choices: try store.choices(of: node).map(\.choice)))
    }

    /// Does something with the book; nobody else does meanwhile.
    func with<Value: Sendable>(_ body: (inout SuccessionBook) -> Value) -> Value {
        book.withLock { body(&$0) }
    }
}

extension Succession {
    /// Takes new explanations in and writes them down with what could be chosen at once; returns those that are to be scored.
    ///
    /// A crash before they are on disk leaves nothing behind; after it the book is opened with them.
    func take(_ explanations: [Explanation], of node: String, into ledger: JobLedger) async throws -> [Explanation] {
        let choices = explanations.compactMap { explanation in with { $0.admit(explanation) } }
        try await ledger.record(explanations, choosing: choices, by: node)
        let settled = Set(choices.map(\.challenger))
        return explanations.filter { !settled.contains($0.job) }
    }
}

/// The successions of a topology, by explain node.
final class Successions: Sendable {
    private let all = Mutex<[String: Succession]>([:])

    subscript(node: String) -> Succession? {
        get { all.withLock { $0[node] } }
        set { all.withLock { $0[node] = newValue } }
    }
}
