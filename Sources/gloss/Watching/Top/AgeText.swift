import Foundation

/// How long ago something was, in three or four characters.
enum AgeText {
    /// The age of a time that is written as RFC 3339, such as `12s`, `2m`, `3h` or `5d`; `nil` of a text that is no time.
    ///
    /// A time that is still to come, by another machine's clock, has no age yet: `0s`.
    static func text(since time: String, at now: Date) -> String? {
        guard let date = try? Date(time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) else {
            return nil
        }
        let seconds = max(0, now.timeIntervalSince(date))
        return switch seconds {
        case ..<60: "\(Int(seconds))s"
        case ..<3600: "\(Int(seconds / 60))m"
        case ..<172_800: "\(Int(seconds / 3600))h"
        default: "\(Int(min(seconds / 86_400, 1e6)))d"
        }
    }
}
