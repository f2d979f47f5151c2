import Elements
import SparseCoders

/// What is said of how well a coder fits what it reads.
package struct FitSentence: Sendable {
    /// The sentence, without a full stop.
    package let text: String
    /// Whether the coder explains nothing, so that it is hardly at the place where it was trained.
    package let isAmiss: Bool

    init(_ fit: CoderFit, of coder: SparseCoder, at hookpoint: String) {
        isAmiss = fit.varianceExplained.map { $0 <= 0 } ?? false
        let stated = Self.stated(of: coder).map { "; its files say \($0)" } ?? ""
        let active = "\(Self.rounded(fit.latentsPerToken)) latents a token\(stated)"
        let over = "over \(fit.tokens) tokens at \(hookpoint)"
        guard let explained = fit.varianceExplained else {
            text =
                "\(active), \(over); how much of the variance is explained was not measured: what it writes was not read"
            return
        }
        guard isAmiss else {
            text = "\(Self.percent(explained)) of the variance explained, \(active), \(over)"
            return
        }
        text =
            "the coder explains none of the variance (\(Self.percent(explained))), \(active), \(over): is that the model, the hookpoint "
            + "and the scale that it was trained on?"
    }

    private static func stated(of coder: SparseCoder) -> String? {
        if coder.activation.boundsRows { return "at most \(coder.k)" }
        return coder.placement.training.latentsPerToken.map { rounded($0) }
    }

    private static func rounded(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\((value * 10).rounded() / 10)"
    }

    /// Whole percents; what is far below 0 is not worth its digits.
    private static func percent(_ share: Double) -> String {
        share < -9.99 ? "below -999 %" : "\(Int((share * 100).rounded())) %"
    }
}
