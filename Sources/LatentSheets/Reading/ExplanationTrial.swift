import Elements

/// Scores explanations that somebody has in mind, as if an explainer had given them; nothing of it is kept.
package protocol ExplanationTrial: Sendable {
    /// The scores of a text as an explanation of a latent, on held-out windows.
    ///
    /// - Throws: What reading weights, the encoder or the judge throws, and `CancellationError`.
    func scores(of text: String, for latent: Int) async throws -> TriedExplanation
}

/// An explanation that was tried.
package struct TriedExplanation: Sendable, Hashable, Codable {
    /// The longest explanation that is tried, in characters: as long as one that is kept.
    package static let longest = Explanation.longestText

    /// The text.
    package var text: String
    /// Its scores, by method.
    package var scores: [SheetScore]
    /// What could not be scored, and why.
    package var notes: [String]

    /// Makes one.
    package init(text: String, scores: [SheetScore] = [], notes: [String] = []) {
        self.text = text
        self.scores = scores
        self.notes = notes
    }
}
