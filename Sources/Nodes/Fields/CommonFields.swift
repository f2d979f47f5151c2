import Evidence
import Lineage
import Topology

/// Fields that several kinds of explain and score nodes have.
enum CommonFields {
    static let latents = Field.latents(
        "latents", "Which latents: `all`, a list, a range, `{ sample: n, seed: s }`, or, to explain, `{ firing: n }`.")
    static let seed = Field.seed("The seed of every choice.")
    static let overlap = Field.word(
        "overlap", HeldOut.Overlap.allCases, default: .drop,
        "What happens to test windows that share 13 tokens in a row with a window shown to the explainer.")
    static let examples = Field.integer(
        "examples", 2...4096, default: 50, "Held-out windows of each kind, firing and silent.")
    static let concurrency = Field.integer(
        "concurrency", 1...1024, default: 2, "Jobs under way at the same time.")
    static let priority = Field.word(
        "priority", JobPriority.Rule.allCases, default: .firing,
        """
        Which latents come first: those of the largest firing mass (the sum of their activations), the `rarest`, those with \
        the `worst` standing score, or at `random`.
        """)
    static let shuffles = shuffles(default: 8)
    /// Whether a latent waits until the input is drained.
    static let waitsForDrain = Field.choice(
        "when", among: ["ready", "drained"], default: "ready",
        "When a latent is explained: once it has enough examples, or when the input is drained."
    ) { $0 == "drained" }

    /// The number of latents on whose windows another one's explanation is judged.
    static func shuffles(default count: Int) -> Field<Int> {
        controls("the explanation of another latent is judged too", default: count)
    }
    /// The number of latents of each explainer that have the named control.
    static func controls(_ control: String, default count: Int = 8) -> Field<Int> {
        .integer(
            "controls", 0...1_048_576, default: count,
            "The number of latents of each explainer for which \(control), as a control.")
    }

    static let readsTexts = """
        It needs a model in this process, or a server whose `/completions` has `echo` and `logprobs`, as vLLM's has.
        """
}
