internal import Synchronization

/// Prompts whose keys and values are kept for others that begin with the same tokens; the longest unused go first.
///
/// Batches of several threads may share one, as long as their model and its activations are the same.
///
/// Unchecked, since pages can be written. But a page that the store holds has more than one holder as soon as a text has it too,
/// and a text writes only to pages that nobody else holds: none in here is ever written.
public final class PrefixStore: @unchecked Sendable {
    private struct Entry {
        let tokens: [UInt32]
        let cache: KeyValueCache
    }

    private let configuration: ModelConfiguration
    private let mostBytes: Int
    private let lock = Mutex(())
    /// The last used is the last; read and changed only while `lock` is held.
    private var entries: [Entry] = []

    /// The caches of all prompts.
    var caches: [KeyValueCache] { lock.withLock { _ in entries.map(\.cache) } }

    /// Makes an empty store whose keys and values take up to `mostBytes` bytes.
    public init(model: LanguageModel, mostBytes: Int) {
        configuration = model.configuration
        self.mostBytes = mostBytes
    }

    static func shared(_ left: some Collection<UInt32>, _ right: some Collection<UInt32>) -> Int {
        zip(left, right).prefix { $0 == $1 }.count
    }

    /// How many tokens a prompt shares with one of those kept, at most `limit`.
    func sharedLength(with prompt: [UInt32], limit: Int) -> Int {
        lock.withLock { _ in length(sharedWith: prompt, limit: limit) }
    }

    /// A text of the tokens that a prompt shares with one of those kept, at most `limit`.
    func text(for prompt: [UInt32], limit: Int) -> TextState {
        lock.withLock { _ in
            let length = length(sharedWith: prompt, limit: limit)
            guard length > 0,
                let index = entries.firstIndex(where: { Self.shared($0.tokens, prompt) >= length })
            else { return TextState(configuration) }
            let entry = entries.remove(at: index)
            entries.append(entry)
            var cache = entry.cache
            cache.truncate(to: length)
            return TextState(tokens: Array(prompt[..<length]), cache: cache)
        }
    }

    /// Keeps the first `count` tokens of a text, as far as there is room.
    func keep(_ text: TextState, count: Int) {
        let tokens = Array(text.tokens.prefix(max(count, 0)))
        guard !tokens.isEmpty else { return }
        lock.withLock { _ in
            guard length(sharedWith: tokens, limit: tokens.count) < tokens.count else { return }
            var cache = text.cache
            cache.truncate(to: tokens.count)
            entries.removeAll { Self.shared($0.tokens, tokens) == $0.tokens.count }
            entries.append(Entry(tokens: tokens, cache: cache))
            while KeyValueCache.byteCount(entries.map(\.cache), configuration) > mostBytes, !entries.isEmpty {
                entries.removeFirst()
            }
        }
    }

    private func length(sharedWith prompt: [UInt32], limit: Int) -> Int {
        min(entries.reduce(0) { max($0, Self.shared($1.tokens, prompt)) }, max(limit, 0))
    }
}
