/// One line of a text.
struct Line: Hashable {
    /// The offset of its first byte.
    let offset: Int64
    /// The offset of the first byte after its line break.
    let next: Int64
    /// Its bytes without the line break; only the first ones if it is too large.
    let bytes: [UInt8]
    /// Its size in bytes, without the line break.
    let size: Int
    /// SipHash-64 of all its bytes, if `bytes` does not hold all of them.
    let hashOfWhole: UInt64?
}
