package import Explaining

/// The kinds of explanations that a model is asked for.
package enum AskedKind: Sendable {
    /// What a latent's examples have in common.
    case examples(DefaultExplainerSettings)
    /// The same, asked several times; the best is kept.
    case best(BestOfSettings, of: DefaultExplainerSettings)
    /// The same of each of a latent's meanings, told apart by clusters of its windows.
    case several(SeveralSettings, of: DefaultExplainerSettings)
    /// What turning the latent up changes in the subject's output.
    case output(OutputReading)

    /// Whether plans are made from the pool of a view, too.
    var readsPool: Bool {
        switch self {
        case .examples(let settings): settings.contrasts > 0
        case .best, .several, .output: true
        }
    }

    /// The most tokens shown that a latent promotes.
    var promotedTokens: Int {
        switch self {
        case .examples(let settings), .best(_, let settings), .several(_, let settings): settings.promotedTokens
        case .output(let reading): reading.settings.promotedTokens
        }
    }
}
