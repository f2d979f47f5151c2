/// The keys and values of a text so far, in pages that copies of the cache share until one of them writes.
struct KeyValueCache {
    private let configuration: ModelConfiguration
    private(set) var pages: [KeyValuePage] = []
    /// The number of positions held.
    private(set) var length = 0

    init(_ configuration: ModelConfiguration) { self.configuration = configuration }

    /// The number of pages that some positions need.
    static func pageCount(positions: Int) -> Int {
        max(positions, 0) / KeyValuePage.positions + (max(positions, 0) % KeyValuePage.positions > 0 ? 1 : 0)
    }

    /// The bytes of the pages of several caches, those that they share counted once.
    static func byteCount(_ caches: some Sequence<KeyValueCache>, _ configuration: ModelConfiguration) -> Int {
        var pages = Set<ObjectIdentifier>()
        for cache in caches { for page in cache.pages { pages.insert(ObjectIdentifier(page)) } }
        return pages.count * KeyValuePage.byteCount(configuration)
    }

    /// Makes room for `count` more positions in pages that nobody else holds; returns the first of them.
    mutating func grow(by count: Int) -> Int {
        let first = length
        length += count
        let size = KeyValuePage.positions
        while pages.count * size < length { pages.append(KeyValuePage(configuration)) }
        for index in first / size..<Self.pageCount(positions: length) where !isKnownUniquelyReferenced(&pages[index]) {
            pages[index] = KeyValuePage(copying: pages[index])
        }
        return first
    }

    /// Forgets all positions from `length` on.
    mutating func truncate(to length: Int) {
        self.length = min(self.length, max(length, 0))
        pages.removeLast(pages.count - Self.pageCount(positions: self.length))
    }

    /// Takes keys and values of tokens from `joined`, `[tokens, (heads + 2 · keyValueHeads) · headWidth]`.
    func store(_ joined: UnsafePointer<Float>, block: Int, first: Int, tokens: Int) {
        let width = configuration.headWidth
        for token in 0..<tokens {
            let row = joined + token * configuration.joinedWidth + configuration.queryWidth
            let page = pages[(first + token) / KeyValuePage.positions]
            let offset = (first + token) % KeyValuePage.positions * width
            for head in 0..<configuration.keyValueHeads {
                (page.keys(block: block, head: head) + offset).update(from: row + head * width, count: width)
                (page.values(block: block, head: head) + offset).update(
                    from: row + configuration.keyValueWidth + head * width, count: width)
            }
        }
    }
}
