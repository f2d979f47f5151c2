package import Elements

/// A way of scoring explanations, or what they explain: all that reports, contests, cascades, exports and the probe of
/// models know of it.
///
/// A method is a folder of this module and a line in `ScoringMethods.all`.
package protocol ScoringMethod: Sendable {
    /// The method's name, in `method:` of a topology as in stored scores.
    static var name: String { get }
    /// On what scale its headline stands.
    static var scale: MethodScale { get }
    /// The things that it scores.
    static var topic: ScoringTopic { get }
    /// What it needs of the model that it asks.
    static var needs: ModelNeeds { get }
    /// What reports say of its control.
    static var controlNote: ControlNote { get }
    /// What the paper has for it; `nil` if it has nothing.
    static var paperTokens: PaperTokens? { get }
    /// Whether its scores may settle explanations in a cascade, so that no judge is asked about them.
    ///
    /// One that asks a judge is through with an explanation at no moment that can be told.
    static var settles: Bool { get }
    /// Whether it also scores each part of an explanation that has parts, on the part's own windows.
    static var scoresParts: Bool { get }
    /// delphi's name of the scorer whose files hold the same; `nil` if delphi has no such file.
    static var delphiName: String? { get }
}

extension ScoringMethod {
    package static var scale: MethodScale { .balancedAccuracy }
    package static var topic: ScoringTopic { .explanations }
    package static var controlNote: ControlNote { .exchangedExplanations }
    package static var paperTokens: PaperTokens? { nil }
    package static var settles: Bool { false }
    package static var scoresParts: Bool { false }
    package static var delphiName: String? { nil }
}

/// A method whose work is planned as jobs and asks a model.
package protocol JudgedScoringMethod: ScoringMethod {
    /// All that a job needs, now or after a restart.
    associatedtype Plan: JudgedPlan
    /// What it leaves to choose.
    associatedtype Settings: Sendable
    /// The evidence that a plan is chosen from.
    associatedtype Evidence: Sendable = PlanEvidence
    /// The tools that carry a plan out.
    associatedtype Tools: Sendable = ScoringTools

    /// Chooses what is asked; throws kind `tooFewExamples` if the latent is to be passed over.
    static func plan(
        _ subject: PlanSubject, on evidence: Evidence, settings: Settings
    ) throws(ScoringError) -> Plan

    /// Carries a plan out.
    static func run(_ plan: Plan, with tools: Tools) async throws(ScoringError) -> Score
}
