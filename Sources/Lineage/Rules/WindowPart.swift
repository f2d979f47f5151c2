package import Hashing

/// Which held-out windows a score rests on, of those that a latent has.
///
/// Held-out documents are parted into six by a hash of their mark. Looks at a comparison use one of the first three each; once
/// an explanation has been compared, its headline comes from the other three, so that no window that decided is in it. The
/// windows of a document stay together, since they are alike.
package enum WindowPart: Sendable, Hashable {
    /// All windows: of an explanation that was never compared with another.
    case all
    /// Those of one look at a comparison, from 1 on.
    case deciding(look: Int)
    /// Those by which nothing is decided.
    case reporting

    /// All windows, and each of their parts.
    package static let every: [WindowPart] =
        [.all] + (1...ComparisonRule.looks).map { .deciding(look: $0) } + [.reporting]

    /// The parts; the first `ComparisonRule.looks` are for looks.
    private static let parts: UInt64 = 6

    /// Whether a window is in it; one whose document is not known goes by its own identity.
    package func holds(document: UInt32?, identity: Hash128) -> Bool {
        guard self != .all else { return true }
        var hasher = SipHasher(key: SipKey(seed: 0, purpose: 0x636f_6e74_6573_7473), wide: false)
        hasher.update(document.map(UInt64.init) ?? identity.low)
        let part = Int(hasher.finalize64() % Self.parts)
        switch self {
        case .all: return true
        case .deciding(let look): return part == look - 1
        case .reporting: return part >= ComparisonRule.looks
        }
    }
}
