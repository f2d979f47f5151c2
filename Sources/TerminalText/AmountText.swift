import Foundation

/// Amounts and spans of time in few characters.
package enum AmountText {
    /// A number such as `0`, `<0.1`, `2.9`, `412`, `18.4k` or `41.2M`.
    package static func short(_ value: Double) -> String {
        switch abs(value) {
        case 0: "0"
        case ..<0.05: "<0.1"
        case ..<9.95: String(format: "%.1f", value)
        case ..<999.5: String(format: "%.0f", value)
        case ..<999_950: String(format: "%.1fk", value / 1e3)
        case ..<999_950_000: String(format: "%.1fM", value / 1e6)
        default: String(format: "%.1fG", value / 1e9)
        }
    }

    /// The same of a count, which has no fraction while it is small.
    package static func short(_ count: Int) -> String { abs(count) < 10_000 ? "\(count)" : short(Double(count)) }

    /// A span of time such as `14 s`, `20 min`, `3.2 h` or `2.0 d`.
    package static func time(_ seconds: Double) -> String {
        switch seconds {
        case ..<99.5: String(format: "%.0f s", max(seconds, 0))
        case ..<5970: String(format: "%.0f min", seconds / 60)
        case ..<172_800: String(format: "%.1f h", seconds / 3600)
        default: String(format: "%.1f d", seconds / 86_400)
        }
    }

    /// A share such as `91%`; one that is not nothing is never shown as nothing, nor one that is not all as all.
    package static func percent(_ share: Double) -> String {
        let rounded = (100 * share).rounded()
        if share > 0, rounded == 0 { return "<1%" }
        if share < 1, rounded == 100 { return "99%" }
        return String(format: "%.0f%%", rounded)
    }
}
