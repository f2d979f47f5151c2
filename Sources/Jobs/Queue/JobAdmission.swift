package import Inference

/// Whether a job that asks a model is begun.
package enum JobAdmission: Sendable, Hashable {
    case begin
    /// The budget is spent: it is left for a start with a larger one.
    case held
    /// The model's server has been away for longer than the run waits: it is left for the next start.
    case left

    /// What follows from the state of the model.
    package init(to model: any LanguageModelClient) {
        self = model.hasSpentBudget ? .held : model.hasGivenUp ? .left : .begin
    }
}
