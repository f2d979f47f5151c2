package import LatentSheets

/// A latent as Neuronpedia's `/api/feature/{model}/{source}/{index}` answers: its row with its explanations, each with its
/// scores, and its activations.
package struct FeatureAnswer: Encodable {
    private let feature: FeatureRow
    private let activations: [ActivationRow]
    private let explanations: [Explained]

    private struct Explained: Encodable {
        let label: LabelRow
        let scores: [ScoreRow]

        private enum Key: CodingKey { case scores }

        func encode(to encoder: any Encoder) throws {
            try label.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(scores, forKey: .scores)
        }
    }

    private enum Key: CodingKey { case activations, explanations }

    /// Takes what is known of a latent.
    package init(
        _ sheet: LatentSheet, in source: PublishedSource, judge: String, text: (_ ids: [UInt32]) -> String
    ) {
        feature = FeatureRow(sheet, in: source, text: text)
        activations = ActivationRow.rows(sheet, in: source, text: text)
        let scores = Dictionary(grouping: ScoreRow.rows(sheet, judge: judge, text: text), by: \.explanationId)
        explanations = LabelRow.rows(sheet, in: source).map { Explained(label: $0, scores: scores[$0.id] ?? []) }
    }

    package func encode(to encoder: any Encoder) throws {
        try feature.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(activations, forKey: .activations)
        try container.encode(explanations, forKey: .explanations)
    }
}
