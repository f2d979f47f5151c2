package import LatentSheets

/// An explanation as a row of Neuronpedia's table of explanations.
package struct LabelRow: Sendable, Hashable, Codable {
    package var id: String
    package var modelId: String
    package var layer: String
    package var index: String
    package var description: String
    package var authorId: String
    package var notes: String
    package var createdAt: String

    /// The explanations that stand and say something, each with its scores in its notes.
    package static func rows(_ sheet: LatentSheet, in source: PublishedSource) -> [LabelRow] {
        sheet.labels.filter { !$0.text.isEmpty }.map { label in
            LabelRow(
                id: PublishedID.text(job: label.job), modelId: source.model, layer: source.name,
                index: "\(sheet.latent)", description: label.text, authorId: PublishedSource.bot,
                notes: "gloss "
                    + (label.scores.isEmpty ? "unscored" : label.scores.map(\.text).joined(separator: "; ")),
                createdAt: label.made)
        }
    }
}
