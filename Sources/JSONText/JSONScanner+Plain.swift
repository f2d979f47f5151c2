extension JSONScanner {
    /// Passes over what stands for itself in a text, up to a quote, a backslash, a control character or the end; tells
    /// whether all of it is ASCII.
    ///
    /// Eight bytes are looked at in one step, by the bit tricks for "has a zero byte" and "has a byte less than n" in
    /// Anderson, Bit Twiddling Hacks: the lowest bit found is that of the first such byte.
    @discardableResult
    mutating func skipPlain() -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops = ones << 7
        func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
        var seen: UInt64 = 0
        if let start = UnsafeRawPointer(bytes.baseAddress) {
            while bytes.count - position >= 8 {
                let word = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                let quotes = zeros(word ^ ones &* UInt64(UInt8(ascii: "\"")))
                let backslashes = zeros(word ^ ones &* UInt64(UInt8(ascii: "\\")))
                let controls = (word &- ones &* 0x20) & ~word
                let stops = (quotes | backslashes | controls) & tops
                guard stops == 0 else {
                    let length = stops.trailingZeroBitCount / 8
                    position += length
                    return (seen | word & ~(UInt64.max << (8 * length))) & tops == 0
                }
                seen |= word
                position += 8
            }
        }
        while position < bytes.count, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            seen |= UInt64(byte)
            position += 1
        }
        return seen & tops == 0
    }
}
