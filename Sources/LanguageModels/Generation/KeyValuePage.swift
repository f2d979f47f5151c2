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

    /// The bytes of one page: keys and values of every block.
    static func byteCount(_ configuration: ModelConfiguration) -> Int {
        2 * MemoryLayout<Float>.stride * configuration.blocks * configuration.keyValueWidth * positions
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
