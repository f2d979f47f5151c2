internal import Foundation

/// Days of record time: UTC days since 1970-01-01, which is day 0.
public enum EventDay {
    static let milliseconds: Int64 = 86_400_000

    /// The day of a time in milliseconds since 1970; any number is a time.
    public static func number(ofMilliseconds time: Int64) -> Int64 {
        let (quotient, remainder) = time.quotientAndRemainder(dividingBy: milliseconds)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// A day as `2026-11-28`, or by its number outside the years that the Gregorian calendar counts in four digits.
    public static func text(_ day: Int64) -> String {
        guard (-141_427...2_932_896).contains(day) else { return "day \(day) since 1970" }
        return Date(timeIntervalSince1970: Double(day * milliseconds / 1000)).formatted(.iso8601.year().month().day())
    }
}
