/// The form in which an explainer is shown a latent's evidence.
public enum EvidenceForm: String, Sendable, Hashable, Codable, CaseIterable {
    /// Whole windows with marks, as in Paulo et al. (arXiv 2410.13928).
    case passages
    /// The marked words counted, then short lines around the marks, as many as a number of tokens allows.
    case counted
}
