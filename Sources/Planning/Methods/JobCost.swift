/// What the jobs of one kind of node ask of a model.
///
/// A kind is a file of this folder and a line in `JobCosts.all`.
package protocol JobCost: Sendable {
    /// The value of `explainer:` or `method:` that names the kind.
    static var variant: String { get }

    /// The tokens of one job.
    static func tokens(_ settings: AskedSettings) -> JobTokens

    /// The tokens of the control of one job.
    static func controlTokens(_ settings: AskedSettings) -> JobTokens

    /// Whether the verdicts on single windows are kept in the state.
    static var keepsVerdicts: Bool { get }
}

extension JobCost {
    package static func controlTokens(_ settings: AskedSettings) -> JobTokens { tokens(settings) }
    package static var keepsVerdicts: Bool { false }
}

/// The kinds of nodes whose jobs ask a model.
package enum JobCosts {
    /// Every kind: those that explain first.
    package static let all: [any JobCost.Type] = [
        DefaultExplainCost.self,
        ContrastiveExplainCost.self,
        BestOfExplainCost.self,
        SeveralExplainCost.self,
        OutputExplainCost.self,
        DetectionCost.self,
        FuzzingCost.self,
        SimulationCost.self,
        SurprisalCost.self,
        IntruderCost.self,
        InterventionCost.self,
        GenerationCost.self,
    ]

    /// The kind of a variant's name; `nil` for one whose jobs ask no language model.
    package static func named(_ variant: String) -> (any JobCost.Type)? { all.first { $0.variant == variant } }
}
