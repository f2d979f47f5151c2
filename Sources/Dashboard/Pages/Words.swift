import Foundation
import LatentSheets

/// How numbers are written on pages.
enum Words {
    /// A number with groups of three digits.
    static func count(_ value: some BinaryInteger) -> String {
        var digits = String(value)
        let isNegative = digits.hasPrefix("-")
        if isNegative { digits.removeFirst() }
        var groups: [Substring] = []
        var rest = digits[...]
        while rest.count > 3 {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        groups.insert(rest, at: 0)
        return (isNegative ? "−" : "") + groups.joined(separator: ",")
    }

    /// A share of tokens, such as `2.1e-04`; 0 is `0`.
    static func density(_ value: Double?) -> String {
        guard let value else { return "?" }
        return value == 0 ? "0" : String(format: "%.1e", value)
    }

    /// An activation or a change of logits.
    static func value(_ value: Double) -> String {
        abs(value) >= 1000 || value != 0 && abs(value) < 0.01
            ? String(format: "%.1e", value) : String(format: "%.2f", value)
    }
}
