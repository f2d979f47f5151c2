import Elements
import Scoring
import Statistics

/// On what scale a method's headline stands, and what answers give that know nothing.
enum MethodScale {
    /// The least and the largest value of a method.
    static func range(of method: String) -> ClosedRange<Double> {
        switch method {
        case SimulationScorer.method: -1...1
        // A drop of surprisal has no bound; no short text is surprising by more nats than this.
        case InterventionScorer.method: -1000...1000
        default: 0...1
        }
    }

    /// What is to be said of a method whose headline is another figure than most methods'.
    static func note(of method: String) -> String? {
        switch method {
        case SimulationScorer.method: "  simulation: Pearson's correlation over tokens; chance is 0"
        case IntruderScorer.method:
            "  intruder: the share of trials in which it is found; chance is one in a trial's windows"
        case InterventionScorer.method: "  intervention: the drop of surprisal in nats; chance is 0"
        default: nil
        }
    }

    /// What the same answer to everything gives, and why; `nil` where it depends on scores that are not there.
    static func constant(of method: String, scores: [Score]) -> (value: Double?, note: String) {
        switch method {
        case SimulationScorer.method:
            (
                0,
                "in closed form: values that know nothing of a window correlate with the truth by 0 on average, and one value for all tokens not at all"
            )
        case InterventionScorer.method:
            (
                0,
                "in closed form: an answer that has nothing to do with what the subject says becomes no less surprising by it"
            )
        case IntruderScorer.method:
            (
                LatentMeans(
                    of: scores.compactMap { $0.details["chance"] }.map { LatentValue(value: $0.value, count: $0.count) }
                )?.macro.value, "in closed form: the intruder stands at every place equally often"
            )
        case EmbeddingScorer.method, SurprisalScorer.method:
            (0.5, "in closed form: where all windows are alike, half of all pairs count as told apart")
        default: (0.5, "in closed form: the same answer to everything finds one class whole and misses the other")
        }
    }
}
