public import Inference

/// Tells whoever carries out a plan what came of the questions in it, whatever the method and also if no score came of them.
///
/// A class, since the runtime of Swift 6.3 ends the process where a function is bound to a task.
public final class AnswerCount: Sendable {
    /// The one that is told; `nil` if nobody counts.
    ///
    /// Bound to the task, since plans are carried out by functions of many methods that return scores or throw.
    @TaskLocal public static var current: AnswerCount?

    private let told: @Sendable (_ asked: Int, _ failures: [InferenceError]) -> Void

    /// Makes one that is told how many questions there were, and why answers are missing.
    public init(_ told: @escaping @Sendable (_ asked: Int, _ failures: [InferenceError]) -> Void) { self.told = told }

    /// Tells it.
    public func note(_ asked: Int, _ failures: [InferenceError]) { told(asked, failures) }
}
