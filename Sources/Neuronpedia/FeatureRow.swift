import Elements
package import LatentSheets

/// A latent as a row of Neuronpedia's table of features; every line has the same keys, as its importer wants it.
///
/// Source: `Neuron` of `apps/webapp/prisma/schema.prisma` of hijohnnylin/neuronpedia.
package struct FeatureRow: Sendable, Hashable, Codable {
    package var modelId: String
    package var layer: String
    package var index: String
    package var creatorId: String
    package var sourceSetName: String
    /// The largest activation; an instance shows a latent with 0 as dead.
    package var maxActApprox: Double
    /// The share of tokens at which it fires; −1 if it is not known.
    package var frac_nonzero: Double
    package var pos_str: [String]
    package var pos_values: [Double]
    package var neg_str: [String]
    package var neg_values: [Double]
    /// The middles of bars of activations, which double in width, and their counts.
    package var freq_hist_data_bar_values: [Double]
    package var freq_hist_data_bar_heights: [Double]
    package var logits_hist_data_bar_values: [Double]
    package var logits_hist_data_bar_heights: [Double]
    /// The latent itself first, then those with the nearest decoder rows; empty if these are not known.
    package var topkCosSimIndices: [Int]
    package var topkCosSimValues: [Double]
    package var hasVector: Bool
    package var hookName: String

    /// Takes what is known of a latent; `text` gives the text of tokens as the subject has it.
    package init(_ sheet: LatentSheet, in source: PublishedSource, text: (_ ids: [UInt32]) -> String) {
        modelId = source.model
        layer = source.name
        index = "\(sheet.latent)"
        creatorId = PublishedSource.bot
        sourceSetName = source.set
        maxActApprox = sheet.activity?.maximum ?? 0
        frac_nonzero = sheet.activity?.density?.value ?? -1
        let (raised, lowered) = (sheet.promotion?.raised ?? [], sheet.promotion?.lowered ?? [])
        pos_str = raised.map { text([$0.id]) }
        pos_values = raised.map(\.change)
        neg_str = lowered.map { text([$0.id]) }
        neg_values = lowered.map(\.change)
        let bars = sheet.activity?.histogram ?? []
        freq_hist_data_bar_values = bars.map { ($0.lower + $0.upper) / 2 }
        freq_hist_data_bar_heights = bars.map { Double($0.count) }
        let changes = sheet.promotion?.histogram ?? []
        logits_hist_data_bar_values = changes.map { ($0.lower + $0.upper) / 2 }
        logits_hist_data_bar_heights = changes.map { Double($0.count) }
        let near = sheet.neighbours.filter { $0.measure == .decoder }
        topkCosSimIndices = near.isEmpty ? [] : [sheet.latent] + near.map(\.latent)
        topkCosSimValues = near.isEmpty ? [] : [1] + near.map(\.similarity)
        hasVector = false
        hookName = sheet.coder.hookpoint
    }
}
