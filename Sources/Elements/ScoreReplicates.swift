/// A score's value on resampled documents, drawn alike for every score, so that what scores have in common shows.
///
/// Each replicate weighs every document by a draw of its own from a Poisson distribution of mean 1. Stored with 16 bits each.
public struct ScoreReplicates: Sendable, Hashable, Codable {
    /// The number of replicates.
    public static let count = 200
    private static let missing = UInt16.max
    private static let scale = 32_767.0

    /// `[parts, count]`: numbers from -1 to 1 in steps of 1/32767.
    private let codes: [UInt16]

    /// Rounds the parts of which the value is the mean: one list, or the true-positive and the true-negative rate.
    ///
    /// Each is `[count]`, from -1 to 1, `nil` where a replicate has no value. `nil` for lists of another length.
    public init?(parts: [[Double?]]) {
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.count == Self.count }) else { return nil }
        codes = parts.joined().map { value in
            guard let value, value.isFinite else { return Self.missing }
            return UInt16((min(1, max(-1, value)) * Self.scale).rounded() + Self.scale)
        }
    }

    /// Reads what `bytes` gave; `nil` for anything else.
    public init?(bytes: [UInt8]) {
        guard [2 * Self.count, 4 * Self.count].contains(bytes.count) else { return nil }
        codes = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
    }

    /// 400 bytes for one part, 800 for two.
    public var bytes: [UInt8] { codes.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } }

    /// `[parts, count]`: what was given, rounded.
    public var parts: [[Double?]] {
        stride(from: 0, to: codes.count, by: Self.count).map { start in
            codes[start..<start + Self.count].map { code in
                code == Self.missing ? nil : (Double(code) - Self.scale) / Self.scale
            }
        }
    }
}
