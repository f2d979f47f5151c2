import Foundation

/// Figures between 0 and 1 as tables show them.
package enum FigureText {
    /// A number with two decimals and no leading zero, such as `.52`; `n/a` if there is none.
    package static func number(_ value: Double?) -> String { number(value, decimals: 2) }

    /// A small number, such as a standard error, with three decimals; `n/a` if there is none.
    package static func fine(_ value: Double?) -> String { number(value, decimals: 3) }

    /// A difference with its sign and three decimals, such as `+.052`; one that rounds to none has no sign.
    package static func signed(_ value: Double) -> String {
        let text = fine(abs(value))
        return text.contains { ("1"..."9").contains($0) } ? (value < 0 ? "-" : "+") + text : text
    }

    /// A difference with its interval, such as `+.052 [-.010, +.114]`.
    package static func difference(_ value: Double, _ lower: Double, _ upper: Double) -> String {
        "\(signed(value)) [\(signed(lower)), \(signed(upper))]"
    }

    private static func number(_ value: Double?, decimals: Int) -> String {
        guard let value else { return "n/a" }
        let text = String(format: "%.\(decimals)f", value)
        return text.hasPrefix("0.") ? String(text.dropFirst()) : text
    }

    /// An interval such as `[.43–.61]`.
    package static func interval(_ lower: Double, _ upper: Double) -> String { "[\(number(lower))–\(number(upper))]" }

    /// A number with its interval, such as `.52 [.43–.61]`.
    package static func figure(_ value: Double, _ lower: Double, _ upper: Double) -> String {
        "\(number(value)) \(interval(lower, upper))"
    }
}
