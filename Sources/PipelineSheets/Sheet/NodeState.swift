/// What a node of a running topology is about.
package enum NodeState: String, Sendable, Hashable, Codable, CaseIterable {
    /// It works.
    case running
    /// There is nothing for it to do just now.
    case idle
    /// It waits for room before the nodes that read it.
    case blocked
    /// The server or the brokers that it needs do not answer.
    case away
    /// It has nothing more to do in this run.
    case ended

    /// A sign that stands before the word, so that colour never tells alone.
    package var glyph: String {
        switch self {
        case .running: "✓"
        case .idle: "·"
        case .blocked: "▲"
        case .away: "!"
        case .ended: "■"
        }
    }

    /// The sign and the word.
    package var label: String { "\(glyph) \(rawValue)" }
}
