/// How the tokens of an answer are charged.
public enum AnswerBilling: Sendable, Hashable {
    /// By their price.
    case full
    /// As those of batches are.
    case batched
    /// Not any more: the answer came with a batch and was given to somebody before.
    case already
}
