public import Inference

/// The models that take part in intervention scoring.
public struct InterventionModels: Sendable {
    /// The model inside which a latent's code is changed.
    public let subject: any InterventionSubject
    /// The model that says what the change makes the subject say.
    public let explainer: any LanguageModelClient
    /// The model whose surprisal at that is measured; it must read texts.
    public let scorer: any LanguageModelClient

    /// Brings models together.
    public init(subject: any InterventionSubject, explainer: any LanguageModelClient, scorer: any LanguageModelClient) {
        self.subject = subject
        self.explainer = explainer
        self.scorer = scorer
    }
}
