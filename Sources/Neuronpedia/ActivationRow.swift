import Elements
import Hashing
package import LatentSheets

/// A window as a row of Neuronpedia's table of activations.
///
/// Source: `Activation` of `apps/webapp/prisma/schema.prisma` of hijohnnylin/neuronpedia; of bins its importer wants −1, the largest
/// activation and −1 for the strongest windows.
package struct ActivationRow: Sendable, Hashable, Codable {
    package var id: String
    package var modelId: String
    package var layer: String
    package var index: String
    package var creatorId: String
    package var tokens: [String]
    package var values: [Double]
    package var maxValue: Double
    package var maxValueTokenIndex: Int
    package var minValue: Double
    package var binMin: Double
    package var binMax: Double
    package var binContains: Double
    package var qualifyingTokenIndex: Int
    package var dataIndex: String

    /// The share of a latent's windows in each part by strength.
    private static let tenth = 0.1

    /// The strongest windows of a latent, and those from every tenth by peak.
    package static func rows(
        _ sheet: LatentSheet, in source: PublishedSource, text: (_ ids: [UInt32]) -> String
    ) -> [ActivationRow] {
        sheet.examples.flatMap { group -> [ActivationRow] in
            switch group.kind {
            case .top:
                let largest = sheet.activity?.maximum ?? 0
                return rows(of: group.examples, sheet, source, bin: { _ in (-1, largest, -1) }, text)
            case .tenths:
                let peaks = Dictionary(grouping: group.examples) { $0.tenth ?? 0 }.mapValues { $0.map(\.peak) }
                return rows(
                    of: group.examples, sheet, source,
                    bin: { example in
                        let own = peaks[example.tenth ?? 0] ?? []
                        return (own.min() ?? 0, own.max() ?? 0, tenth)
                    }, text)
            default: return []
            }
        }
    }

    private static func rows(
        of examples: [SheetExample], _ sheet: LatentSheet, _ source: PublishedSource,
        bin: (SheetExample) -> (Double, Double, Double), _ text: (_ ids: [UInt32]) -> String
    ) -> [ActivationRow] {
        examples.map { example in
            let (least, largest, share) = bin(example)
            let values = example.pieces.map { Double($0.activation) }
            let place = example.peakPiece ?? 0
            var row = ActivationRow(
                id: "", modelId: source.model, layer: source.name, index: "\(sheet.latent)",
                creatorId: PublishedSource.bot, tokens: example.pieces.map { text($0.ids) }, values: values,
                maxValue: example.peak, maxValueTokenIndex: place, minValue: values.min() ?? 0, binMin: least,
                binMax: largest, binContains: share, qualifyingTokenIndex: place, dataIndex: example.document ?? "")
            row.id = row.name(of: sheet)
            return row
        }
    }

    /// An id in the form of a cuid that follows from what the row says, so that the same row has the same one.
    private func name(of sheet: LatentSheet) -> String {
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x6163_7469), wide: true)
        for part in [modelId, layer, index, sheet.coder.digest, dataIndex] + tokens { hasher.update(text: part) }
        for value in values + [binMin, binMax] { hasher.update(value.bitPattern) }
        return PublishedID.text(hasher.finalize128())
    }
}
