/// What one job asks of models, in tokens.
package struct JobTokens: Sendable, Hashable {
    /// The requests.
    package var calls = 0.0
    /// The tokens sent in all of them.
    package var sent = 0.0
    /// Those of them that are the same in each request of the node, so that a cache of prefixes need not read them again.
    package var shared = 0.0
    /// The tokens answered with.
    package var answered = 0.0
    /// The tokens that the subject reads and writes for the job.
    package var subject = 0.0

    /// A job that asks nothing.
    package init() {}

    /// Equal requests, each of so many tokens the same for all, so many of its own, and an answer of so many.
    init(calls: Double, shared: Double, own: Double, answer: Double) {
        self.calls = calls
        self.shared = calls * shared
        sent = calls * (shared + own)
        answered = calls * answer
    }

    /// Both together.
    static func + (left: JobTokens, right: JobTokens) -> JobTokens {
        var sum = left
        sum.calls += right.calls
        sum.sent += right.sent
        sum.shared += right.shared
        sum.answered += right.answered
        sum.subject += right.subject
        return sum
    }

    /// The same so many times.
    func times(_ factor: Double) -> JobTokens {
        var product = JobTokens()
        product.calls = calls * factor
        product.sent = sent * factor
        product.shared = shared * factor
        product.answered = answered * factor
        product.subject = subject * factor
        return product
    }
}
