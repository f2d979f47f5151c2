/// A token that is cut out of text before all else, and how it is found there.
struct AddedToken: Sendable, Hashable {
    let token: UInt32
    /// The text that is looked for.
    let content: String
    /// Whether it is a control token, which is looked for only if asked for.
    var isControl = false
    /// Whether it is looked for in text that has been normalized, and not before.
    var isNormalized = false
    /// Whether white space before it goes with it.
    var stripsLeft = false
    /// Whether white space after it goes with it.
    var stripsRight = false
    /// Whether it counts only if no letter, mark, digit or connector is next to it.
    var isWholeWord = false
}
