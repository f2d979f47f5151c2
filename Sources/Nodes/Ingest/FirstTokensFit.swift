import Elements
import SparseCoders
import Synchronization

/// Measures how well a coder fits the first tokens of a run, and says it once.
final class FirstTokensFit: Sendable {
    /// The tokens after which it is said.
    static let enough = 10_000

    /// The fit so far; `nil` once it was said.
    private let fit = Mutex<CoderFit?>(CoderFit())
    private let coder: SparseCoder
    private let hookpoint: String
    private let written: String?
    private let masksFirst: Bool
    private let say: @Sendable (String) -> Void

    /// `written` is the hookpoint that the coder writes; `say` is given the sentence.
    init(
        of coder: SparseCoder, reading hookpoint: String, writing written: String?, masksFirst: Bool,
        say: @escaping @Sendable (String) -> Void
    ) {
        self.coder = coder
        self.hookpoint = hookpoint
        self.written = written
        self.masksFirst = masksFirst
        self.say = say
    }

    /// Takes a batch and its codes, until enough tokens have come.
    func take(_ codes: CodeBatch, of batch: ActivationBatch) throws(CoderError) {
        let sentence = try fit.withLock { fit throws(CoderError) -> String? in
            guard var sum = fit else { return nil }
            try sum.add(
                codes, of: batch, hookpoint: hookpoint, written: written, maskFirst: masksFirst, by: coder)
            guard sum.tokens >= Self.enough else {
                fit = sum
                return nil
            }
            fit = nil
            return FitSentence(sum, of: coder, at: hookpoint).text
        }
        if let sentence { say(sentence) }
    }
}
