/// What a method scores.
package enum ScoringTopic: Sendable, Hashable {
    /// Explanations: one without a text is passed over; the control is the explanation of another latent.
    case explanations
    /// Latents themselves, whatever was said of them: the control, of this name, is planned for the latent by itself.
    case latents(control: String)
    /// What latents do, whatever was said of them: the control is what another latent does.
    case effects

    /// Whether two explanations of a latent can differ in it.
    package var compares: Bool {
        if case .explanations = self { true } else { false }
    }

    /// Whether a current score that has fallen out of the interval it was accepted with speaks against the explanation:
    /// what is said of the latent itself is no fault of its explanation.
    package var blamesExplanations: Bool {
        if case .latents = self { false } else { true }
    }

    /// The name of the control.
    package var control: String {
        switch self {
        case .explanations, .effects: Shuffle.name
        case .latents(let control): control
        }
    }
}

/// What reports say of a method's control.
package struct ControlNote: Sendable, Hashable {
    /// What its scores rest on.
    package let rests: String
    /// What is said if there are none.
    package let absent: String

    /// The control of a method that scores what was said of latents, or what latents do.
    package static let exchangedExplanations = ControlNote(
        rests: "explanations of other latents on the same windows",
        absent: "no explanation of another latent has been scored")
}
