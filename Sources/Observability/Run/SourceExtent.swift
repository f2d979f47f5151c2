/// How much of a source a process has read, and how much is left, in a unit of the source's own: bytes, rows or records.
package struct SourceExtent: Sendable, Hashable {
    /// What has been read since the process began.
    package var read: Int64
    /// What it still holds beyond that.
    package var left: Int64

    /// Makes an extent.
    package init(read: Int64, left: Int64) {
        self.read = max(0, read)
        self.left = max(0, left)
    }
}
