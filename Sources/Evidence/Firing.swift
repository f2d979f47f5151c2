/// Where and how strongly a latent fires in one window, in bytes: the number of firing tokens less one, then for each
/// of them, ascending, its position (one byte) and its activation's code (two bytes, little-endian).
enum Firing {
    /// The bytes taken by `tokens` firing tokens.
    static func byteCount(tokens: Int) -> Int { 1 + 3 * tokens }

    /// The length of the firing that starts at `start`.
    static func byteCount(in bytes: [UInt8], at start: Int) -> Int {
        byteCount(tokens: Int(bytes[start]) + 1)
    }

    /// The same in memory.
    @inline(__always) static func byteCount(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int {
        byteCount(tokens: Int(bytes[start]) + 1)
    }

    /// The bytes of the firing that starts at `start`.
    static func slice(of bytes: [UInt8], at start: Int) -> ArraySlice<UInt8> {
        bytes[start..<start + byteCount(in: bytes, at: start)]
    }

    /// The code of firing token `index` of the firing at `start`.
    static func code(_ index: Int, in bytes: [UInt8], at start: Int) -> UInt16 {
        let offset = start + 2 + 3 * index
        return UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
    }

    /// The largest code of the firing at `start`.
    static func peak(in bytes: [UInt8], at start: Int) -> UInt16 {
        bytes.withUnsafeBufferPointer { $0.baseAddress.map { peak($0 + start) } ?? 0 }
    }

    /// Whether one firing of a window replaces another of the same window: the larger peak does, and at equal peaks the
    /// lexicographically smaller activations, so that the order in which they were seen leaves no trace.
    static func replaces(_ new: [UInt8], at newStart: Int, _ old: [UInt8], at oldStart: Int) -> Bool {
        new.withUnsafeBufferPointer { new in
            old.withUnsafeBufferPointer { old in
                guard let new = new.baseAddress, let old = old.baseAddress else { return false }
                return replaces(new + newStart, old + oldStart)
            }
        }
    }

    /// The activations of the firing at `start`, one for each of `tokens` tokens.
    static func activations(in bytes: [UInt8], at start: Int, tokens: Int) -> [Float] {
        var result = [Float](repeating: 0, count: tokens)
        for index in 0...Int(bytes[start]) {
            let position = Int(bytes[start + 1 + 3 * index])
            if position < tokens { result[position] = ActivationCode.decode(code(index, in: bytes, at: start)) }
        }
        return result
    }
}

extension Firing {
    /// The length of a whole firing.
    @inline(__always) static func byteCount(_ bytes: UnsafePointer<UInt8>) -> Int {
        byteCount(tokens: Int(bytes[0]) + 1)
    }

    @inline(__always) private static func code(_ index: Int, _ bytes: UnsafePointer<UInt8>) -> UInt16 {
        UInt16(bytes[2 + 3 * index]) | UInt16(bytes[3 + 3 * index]) << 8
    }

    /// The largest code of a whole firing.
    static func peak(_ bytes: UnsafePointer<UInt8>) -> UInt16 {
        var peak: UInt16 = 0
        for index in 0...Int(bytes[0]) { peak = max(peak, code(index, bytes)) }
        return peak
    }

    static func isEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>) -> Bool {
        for index in 0..<byteCount(left) where left[index] != right[index] { return false }
        return true
    }

    static func replaces(_ new: UnsafePointer<UInt8>, _ old: UnsafePointer<UInt8>) -> Bool {
        let (newPeak, oldPeak) = (peak(new), peak(old))
        guard newPeak == oldPeak else { return newPeak > oldPeak }
        let (newCount, oldCount) = (Int(new[0]) + 1, Int(old[0]) + 1)
        for index in 0..<min(newCount, oldCount) {
            let (newPosition, oldPosition) = (new[1 + 3 * index], old[1 + 3 * index])
            // The one that fires earlier has an activation where the other has a zero.
            if newPosition != oldPosition { return newPosition > oldPosition }
            let (newCode, oldCode) = (code(index, new), code(index, old))
            if newCode != oldCode { return newCode < oldCode }
        }
        return newCount < oldCount
    }
}
