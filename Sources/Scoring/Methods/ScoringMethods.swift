/// The methods of scoring that there are.
package enum ScoringMethods {
    /// Every method: those that ask no judge first.
    package static let all: [any ScoringMethod.Type] = [
        ExecutionScorer.self,
        EmbeddingScorer.self,
        Detection.self,
        Fuzzing.self,
        SimulationScorer.self,
        SurprisalScorer.self,
        IntruderScorer.self,
        InterventionScorer.self,
        GenerationScorer.self,
    ]

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    /// The method of a name; `nil` for one that this version does not know.
    package static func named(_ name: String) -> (any ScoringMethod.Type)? { byName[name] }

    /// What stored scores of a method are taken for: those of one that this version does not know for verdicts on
    /// explanations, of which the headline is the balanced accuracy.
    package static func ofScores(_ name: String) -> any ScoringMethod.Type { named(name) ?? UnknownMethod.self }
}

/// A method of another version.
private enum UnknownMethod: ScoringMethod {
    static let name = ""
    static let needs = ModelNeeds.none
}
