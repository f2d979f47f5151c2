/// A text, the keys and values of its tokens, and how activations are changed while it grows.
final class TextState {
    /// The tokens so far.
    private(set) var tokens: [UInt32] = []
    private(set) var cache: KeyValueCache
    /// The changes made to the activations of tokens that are added.
    var edits: [HookpointEdit] = []

    init(_ configuration: ModelConfiguration) { cache = KeyValueCache(configuration) }

    /// An independent text that continues from the same tokens; shared tokens are stored once.
    init(copying text: TextState) {
        tokens = text.tokens
        cache = text.cache
        edits = text.edits
    }

    /// A text that begins with tokens whose keys and values are known.
    init(tokens: [UInt32], cache: KeyValueCache) {
        self.tokens = tokens
        self.cache = cache
    }

    /// Makes room for more tokens; returns the position of the first of them.
    func append(_ more: [UInt32]) -> Int {
        tokens += more
        return cache.grow(by: more.count)
    }

    /// Forgets all tokens from `length` on; a longer `length` than there is changes nothing.
    func truncate(to length: Int) {
        guard length < tokens.count else { return }
        tokens.removeLast(tokens.count - max(length, 0))
        cache.truncate(to: length)
    }
}
