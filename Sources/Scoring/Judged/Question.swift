import Elements
public import Hashing

/// One example a judge is asked about, with the truth.
public struct Question: Sendable, Hashable, Codable {
    /// The window's identity.
    public let identity: Hash128
    /// The token ids.
    public let tokens: [UInt32]
    /// `[tokens]`: which tokens are marked; empty if none are.
    public let marked: [Bool]
    /// Whether the right verdict is yes.
    public let isPositive: Bool
    /// The block of rank (0 is the strongest) of a positive; for a fuzzing negative that of the positive whose marks it bears.
    public let block: Int?
    /// 32 bits of the hash of the window's document; `nil` if it is not known.
    public let document: UInt32?

    /// Makes a question.
    public init(
        identity: Hash128, tokens: [UInt32], marked: [Bool], isPositive: Bool, block: Int?, document: UInt32? = nil
    ) {
        self.identity = identity
        self.tokens = tokens
        self.marked = marked
        self.isPositive = isPositive
        self.block = block
        self.document = document
    }

    /// The question as it goes into a job's name, with a level that says what it is for.
    ///
    /// Marked tokens are one level higher, so that only questions without marks may be shown as an odd level.
    func shown(as level: UInt8) -> ShownWindow {
        ShownWindow(tokens: tokens, levels: marked.isEmpty ? [level] : marked.map { level | ($0 ? 1 : 0) })
    }
}
