public import Elements
import Examples
import Statistics

/// The tokens that a latent makes likelier and less likely to come next, as its decoder row alone tells.
public struct PromotedTokens: Sendable, Hashable, Codable {
    /// The tokens whose logits it raises, the largest rise first.
    public let raised: [UInt32]
    /// The tokens whose logits it lowers, the largest fall first.
    public let lowered: [UInt32]

    /// Makes a list of tokens.
    public init(raised: [UInt32], lowered: [UInt32]) {
        self.raised = raised
        self.lowered = lowered
    }

    /// Whether there are none.
    public var isEmpty: Bool { raised.isEmpty && lowered.isEmpty }

    /// Takes from a row of changes of logits, `[vocabulary]`, those that stand out: at most `most` on each side.
    ///
    /// A token stands out if its change is more than √(2 ln n) standard deviations from the mean of all n, which is about
    /// as far as the largest of n normal draws comes: a row without meaning names none. Of tokens that differ in case or in a space
    /// before them the first is taken; those without visible text are left out.
    public init(changes: some Collection<Float>, most: Int, tokenDecoder: any TokenDecoder) {
        let chance = ChanceLimit(of: changes)
        var outliers: [(token: UInt32, change: Double)] = []
        if chance.deviation > 0, chance.deviation.isFinite {
            for (token, change) in changes.enumerated() where abs(Double(change) - chance.mean) > chance.distance {
                outliers.append((UInt32(token), Double(change) - chance.mean))
            }
        }
        func chosen(_ candidates: [(token: UInt32, change: Double)]) -> [UInt32] {
            let ranked = candidates.sorted { (abs($1.change), $0.token) < (abs($0.change), $1.token) }
            return TokenText.distinct(ranked, most: most, tokenDecoder, token: \.token).map(\.token)
        }
        raised = chosen(outliers.filter { $0.change > 0 })
        lowered = chosen(outliers.filter { $0.change < 0 })
    }
}
