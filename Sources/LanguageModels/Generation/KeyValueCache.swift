internal import LinearAlgebra

/// The keys and values of some consecutive positions, for every block and head: `[blocks, keyValueHeads, positions, headWidth]` each.
final class KeyValuePage {
    /// The number of positions in one page.
    static let positions = 64

    private let configuration: ModelConfiguration
    private let storedKeys: FloatBuffer
    private let storedValues: FloatBuffer

    init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        let count = configuration.blocks * configuration.keyValueWidth * Self.positions
        storedKeys = FloatBuffer(count: count)
        storedValues = FloatBuffer(count: count)
    }

    /// Makes a page of its own with the same contents.
    init(copying page: KeyValuePage) {
        configuration = page.configuration
        storedKeys = FloatBuffer(count: page.storedKeys.count)
        storedValues = FloatBuffer(count: page.storedValues.count)
        storedKeys.pointer.update(from: page.storedKeys.pointer, count: storedKeys.count)
        storedValues.pointer.update(from: page.storedValues.pointer, count: storedValues.count)
    }

    private func offset(block: Int, head: Int) -> Int {
        (block * configuration.keyValueHeads + head) * Self.positions * configuration.headWidth
    }

    /// The keys of one head: `[positions, headWidth]`.
    func keys(block: Int, head: Int) -> UnsafeMutablePointer<Float> {
        storedKeys.pointer + offset(block: block, head: head)
    }

    /// The values of one head: `[positions, headWidth]`.
    func values(block: Int, head: Int) -> UnsafeMutablePointer<Float> {
        storedValues.pointer + offset(block: block, head: head)
    }
}

/// The keys and values of a text so far, in pages that copies of the cache share until one of them writes.
struct KeyValueCache {
    private let configuration: ModelConfiguration
    private(set) var pages: [KeyValuePage] = []
    /// The number of positions held.
    private(set) var length = 0

    init(_ configuration: ModelConfiguration) { self.configuration = configuration }

    /// Makes room for `count` more positions in pages that nobody else holds; returns the first of them.
    mutating func grow(by count: Int) -> Int {
        let first = length
        length += count
        let size = KeyValuePage.positions
        while pages.count * size < length { pages.append(KeyValuePage(configuration)) }
        for index in first / size..<(length + size - 1) / size where !isKnownUniquelyReferenced(&pages[index]) {
            pages[index] = KeyValuePage(copying: pages[index])
        }
        return first
    }

    /// Forgets all positions from `length` on.
    mutating func truncate(to length: Int) {
        self.length = min(self.length, max(length, 0))
        let kept = (self.length + KeyValuePage.positions - 1) / KeyValuePage.positions
        pages.removeLast(pages.count - kept)
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
