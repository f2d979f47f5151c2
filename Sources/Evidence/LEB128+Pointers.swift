internal import Elements

/// The same numbers in memory that is known to hold them, or to have room for them.
extension LEB128 {
    /// Reads a number that was checked before, and goes on to what follows it.
    @inline(__always) static func number(at next: inout UnsafePointer<UInt8>) -> Int {
        var value = 0
        var shift = 0
        while true {
            let byte = next[0]
            next += 1
            value |= Int(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// Writes a number that is not negative in its shortest form, and goes on to what follows it.
    @inline(__always) static func put(_ number: Int, at next: inout UnsafeMutablePointer<UInt8>) {
        var rest = number
        while rest >= 0x80 {
            next.initialize(to: UInt8(truncatingIfNeeded: rest) | 0x80)
            next += 1
            rest >>= 7
        }
        next.initialize(to: UInt8(truncatingIfNeeded: rest))
        next += 1
    }
}
