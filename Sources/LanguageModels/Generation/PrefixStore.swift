/// Prompts whose keys and values are kept for others that begin with the same tokens; the longest unused go first.
struct PrefixStore {
    private struct Entry {
        let tokens: [UInt32]
        let cache: KeyValueCache
    }

    private let configuration: ModelConfiguration
    private let mostBytes: Int
    /// The last used is the last.
    private var entries: [Entry] = []

    /// The caches of all prompts.
    var caches: [KeyValueCache] { entries.map(\.cache) }

    init(_ configuration: ModelConfiguration, mostBytes: Int) {
        self.configuration = configuration
        self.mostBytes = mostBytes
    }

    static func shared(_ left: some Collection<UInt32>, _ right: some Collection<UInt32>) -> Int {
        zip(left, right).prefix { $0 == $1 }.count
    }

    /// How many tokens a prompt shares with one of those kept, at most `limit`.
    func sharedLength(with prompt: [UInt32], limit: Int) -> Int {
        min(entries.reduce(0) { max($0, Self.shared($1.tokens, prompt)) }, max(limit, 0))
    }

    /// A text of the tokens that a prompt shares with one of those kept, at most `limit`.
    mutating func text(for prompt: [UInt32], limit: Int) -> TextState {
        let length = sharedLength(with: prompt, limit: limit)
        guard length > 0,
            let index = entries.firstIndex(where: { Self.shared($0.tokens, prompt) >= length })
        else { return TextState(configuration) }
        let entry = entries.remove(at: index)
        entries.append(entry)
        var cache = entry.cache
        cache.truncate(to: length)
        return TextState(tokens: Array(prompt[..<length]), cache: cache)
    }

    /// Keeps the first `count` tokens of a text, as far as there is room.
    mutating func keep(_ text: TextState, count: Int) {
        let tokens = Array(text.tokens.prefix(max(count, 0)))
        guard !tokens.isEmpty, sharedLength(with: tokens, limit: tokens.count) < tokens.count else { return }
        var cache = text.cache
        cache.truncate(to: tokens.count)
        entries.removeAll { Self.shared($0.tokens, tokens) == $0.tokens.count }
        entries.append(Entry(tokens: tokens, cache: cache))
        while KeyValueCache.byteCount(caches, configuration) > mostBytes, !entries.isEmpty { entries.removeFirst() }
    }
}
