public import Hashing
public import Inference

/// A change of one latent's code inside the subject model, what the coder does not explain kept.
public enum CodeChange: Sendable, Hashable {
    /// This amount is added to the code.
    case add(Float)
    /// The code becomes 0.
    case ablate
}

/// An intervention: a latent's code is changed at its hookpoint, from the last token of a prompt on.
public struct Intervention: Sendable, Hashable {
    /// The latent.
    public let latent: Int
    /// How its code changes.
    public let change: CodeChange

    /// Makes an intervention.
    public init(latent: Int, change: CodeChange) {
        self.latent = latent
        self.change = change
    }
}

/// The model inside which latents' codes are changed.
///
/// What it gives must be the same bits at every call, whatever else it is asked at the same time.
public protocol InterventionSubject: Sendable {
    /// A hash of what decides what it gives: the model's weights, the coder, the hookpoint, and how prompts begin.
    var digest: Hash128 { get }

    /// The logits `[vocabulary]` of the token after a prompt; `nil` for no intervention.
    func logits(after prompt: [UInt32], under intervention: Intervention?) async throws(InferenceError) -> [Float]

    /// `tokens` tokens after a prompt, fewer if the model ends, drawn at temperature 1 as the seed says; the likeliest ones for `nil`.
    func completion(
        of prompt: [UInt32], under intervention: Intervention?, tokens: Int, seed: UInt64?
    ) async throws(InferenceError) -> [UInt32]
}
