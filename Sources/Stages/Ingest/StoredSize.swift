/// How much of a reservoir is on disk, and whether it is time to put one segment in the place of all.
package struct StoredSize: Sendable {
    /// Bytes below which a start reads segments in no time, however small the base is.
    private static let few = 256 << 20
    /// The bytes of the base; 0 if there is none.
    private var base = 0
    /// The bytes of the segments after it.
    private var later = 0
    /// The segments on disk, the base included.
    package private(set) var segments = 0

    /// Nothing is on disk.
    package init() {}

    /// A segment was stored; a base in the place of all.
    package mutating func add(_ bytes: Int, isBase: Bool) {
        if isBase { self = StoredSize() }
        if isBase { base = bytes } else { later += bytes }
        segments += 1
    }

    /// Whether they are more than `count`, or twice as large as the base: a start reads all of them, and so no more
    /// than thrice what it needs, while what is folded is written again no more than half as often as it came.
    package func isFoldDue(above count: Int) -> Bool {
        segments > count || segments > 2 && later > max(2 * base, Self.few)
    }
}
