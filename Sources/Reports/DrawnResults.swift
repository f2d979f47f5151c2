/// A node of whose results only those of some latents were read, drawn at random.
public struct DrawnResults: Sendable, Hashable {
    /// The id of the explain or score node.
    public let node: String
    /// The results that it has made.
    public let results: Int
    /// Those that were read.
    public let read: Int

    /// What is said of a draw; nothing without one.
    static func lines(_ drawn: [DrawnResults]) -> [String] {
        drawn.isEmpty ? [] : ["  \(sentence(drawn)); counts, sums and lists are those of the draw (--all reads all)"]
    }

    /// How much was read of each node's results.
    public static func sentence(_ drawn: [DrawnResults]) -> String {
        let parts = drawn.map { "\($0.read) of \($0.results) results of \($0.node)" }
        return "of latents drawn at random: " + parts.joined(separator: ", ")
    }
}
