import Elements
import Statistics

/// The tokens that a latent's decoder row makes likelier and less likely to come next, by the subject's last norm and head.
package struct SheetPromotion: Sendable, Hashable, Codable {
    /// The tokens whose logits rise most, the largest rise first.
    package var raised: [PromotedToken]
    /// The tokens whose logits fall most, the largest fall first.
    package var lowered: [PromotedToken]
    /// The changes of all tokens in bars of equal width, from the least to the largest.
    package var histogram: [Bar]

    /// A token and by how much its logit changes, less the mean over all tokens.
    package struct PromotedToken: Sendable, Hashable, Codable {
        /// The text, made visible.
        package var text: String
        /// The id.
        package var id: UInt32
        /// The change; of one latent's tokens only comparable with each other.
        package var change: Double
        /// Whether it is further from the mean than the largest of as many random changes would be.
        package var standsOut: Bool
    }

    /// Tokens whose change is from `lower` to below `upper`.
    package struct Bar: Sendable, Hashable, Codable {
        /// The least change.
        package var lower: Double
        /// What all are below; the last bar holds the largest too.
        package var upper: Double
        /// The number of tokens.
        package var count: Int
    }

    /// The tokens named on each side.
    static let most = 10
    private static let bars = 40

    /// Takes the changes of all tokens, `[vocabulary]`; `nil` without any that differ.
    init?(changes: [Float], tokenDecoder: any TokenDecoder) {
        let chance = ChanceLimit(of: changes)
        let centred = changes.map { Double($0) - chance.mean }
        guard chance.deviation > 0, chance.deviation.isFinite, let least = centred.min(), let largest = centred.max()
        else {
            return nil
        }
        func tokens(_ indices: [Int]) -> [PromotedToken] {
            indices.map { index in
                PromotedToken(
                    text: VisibleText.of(tokenDecoder.bytes(of: UInt32(index))), id: UInt32(index),
                    change: centred[index], standsOut: abs(centred[index]) > chance.distance)
            }
        }
        raised = tokens(Self.firsts(of: centred) { $0 > $1 })
        lowered = tokens(Self.firsts(of: centred) { $0 < $1 })
        let width = (largest - least) / Double(Self.bars)
        var counts = [Int](repeating: 0, count: Self.bars)
        for change in centred { counts[min(Int((change - least) / width), Self.bars - 1)] += 1 }
        histogram = counts.enumerated().map { index, count in
            Bar(lower: least + width * Double(index), upper: least + width * Double(index + 1), count: count)
        }
    }

    /// The indices of the `most` values that come first (ties: the lower index), in order.
    private static func firsts(of values: [Double], before: (Double, Double) -> Bool) -> [Int] {
        var best: [Int] = []
        for (index, value) in values.enumerated() {
            if best.count == most, let last = best.last, !before(value, values[last]) { continue }
            let place = best.firstIndex { before(value, values[$0]) } ?? best.count
            best.insert(index, at: place)
            if best.count > most { best.removeLast() }
        }
        return best
    }
}
