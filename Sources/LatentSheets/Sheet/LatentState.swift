/// How far a latent has come.
package enum LatentState: String, Sendable, Hashable, Codable, CaseIterable {
    /// An explanation that stands has a score.
    case scored
    /// An explanation stands that is due to be made again, since its evidence or its score is not what it was.
    case stale
    /// An explanation stands and waits for its first score.
    case scoring
    /// An explanation stands, and nothing scores it.
    case unscored
    /// An explanation is wanted and not made yet.
    case queued
    /// A job about it was given up, and nothing else is known.
    case failed
    /// It has fired, but nothing is wanted of it yet.
    case collecting
    /// It has not fired on any token so far.
    case dead

    /// A sign that stands before the word, so that colour never tells alone.
    package var glyph: String {
        switch self {
        case .scored: "✓"
        case .stale: "~"
        case .scoring, .queued: "…"
        case .unscored: "?"
        case .failed: "!"
        case .collecting: "·"
        case .dead: "∅"
        }
    }

    /// The sign and the word.
    package var label: String { "\(glyph) \(rawValue)" }
}
