/// How much of a reservoir is on disk, and whether it is time to put one segment in the place of all.
package struct StoredSize: Sendable {
    /// Bytes that a start reads in no time, whatever they are worth.
    private static let few = 256 << 20
    private var bytes = 0
    private var latest: UInt64?
    /// The checkpoints whose segments are on disk, that of the base included.
    package private(set) var checkpoints = 0

    /// Nothing is on disk.
    package init() {}

    /// A segment of a checkpoint was stored; a base in the place of all.
    package mutating func add(_ bytes: Int, epoch: UInt64, isBase: Bool) {
        if isBase { self = StoredSize() }
        if latest != epoch { checkpoints += 1 }
        latest = epoch
        self.bytes += bytes
    }

    /// Whether they are of more than `count` checkpoints, or much larger than a base, which takes about `whole` bytes: a start
    /// reads all of them, and so hardly more than twice what it needs, while a base is written again only after as much came.
    package func isFoldDue(above count: Int, whole: Int) -> Bool {
        checkpoints > count || bytes > 2 * whole + Self.few
    }
}
