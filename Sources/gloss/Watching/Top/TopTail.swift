/// The results of what was chosen, as `gloss top` shows them while they come.
struct TopTail: Sendable {
    /// The most lines that are kept.
    static let longest = 1000

    /// The lines, the oldest first; `nil` until it is known which there are.
    private(set) var lines: [String]?
    /// Why nothing comes just now; `nil` if nothing is wrong.
    private(set) var trouble: String?

    /// What a follower tells.
    enum News: Sendable {
        /// Lines that have come; none if there is nothing more for now.
        case lines([String])
        /// Nothing comes just now, and why.
        case trouble(String)
        /// What came so far was of another state.
        case reset
    }

    /// Takes in what a follower tells.
    mutating func take(_ news: News) {
        switch news {
        case .lines(let new):
            lines = Array(((lines ?? []) + new).suffix(Self.longest))
            trouble = nil
        case .trouble(let reason): trouble = reason
        case .reset: lines = nil
        }
    }
}
