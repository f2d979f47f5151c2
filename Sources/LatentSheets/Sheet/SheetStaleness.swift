import Elements
import Foundation
import Lineage

/// Why an explanation is due to be made again.
package struct SheetStaleness: Sendable, Hashable, Codable {
    /// `grown`, `moved` or `fallen`.
    package var reason: String
    /// The factor by which the windows in which the latent fired have grown, or the distance by which its peaks have moved
    /// (Kolmogorov–Smirnov, 0 to 1); `nil` of a score that has fallen.
    package var amount: Double?
    /// Whether the topology has it made again; otherwise it stays as it is.
    package var isExplainedAgain: Bool

    init(_ staleness: Staleness, isExplainedAgain: Bool) {
        reason = staleness.reason.rawValue
        amount = staleness.amount
        self.isExplainedAgain = isExplainedAgain
    }

    /// In words, such as `windows grown 5.2 ×`, `evidence moved 0.31` or `score fallen`.
    package var text: String {
        switch AgainReason(rawValue: reason) {
        case .grown: "windows grown" + (amount.map { String(format: $0 < 9.95 ? " %.1f ×" : " %.0f ×", $0) } ?? "")
        case .moved: "evidence moved" + (amount.map { String(format: " %.2f", $0) } ?? "")
        case .fallen: "score fallen"
        case .asked, .labelled, nil: reason
        }
    }
}
