public import Inference

/// Tells whoever carries out a plan what came of the questions in it, whatever the method and also if no score came of them.
public enum AnswerCount {
    /// Told how many questions there were, and why answers are missing; `nil` if nobody counts.
    ///
    /// Bound to the task, since plans are carried out by functions of many methods that return scores or throw.
    @TaskLocal public static var note: (@Sendable (_ asked: Int, _ failures: [InferenceError]) -> Void)?
}
