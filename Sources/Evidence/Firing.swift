/// Where and how strongly a latent fires in one window, in bytes: the number of firing tokens less one, then for each
/// of them, ascending, its position (one byte) and its activation's code (two bytes, little-endian).
enum Firing {
    /// The bytes taken by `tokens` firing tokens.
    static func byteCount(tokens: Int) -> Int { 1 + 3 * tokens }

    /// The length of the firing that starts at `start`.
    static func byteCount(in bytes: [UInt8], at start: Int) -> Int {
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
        var peak: UInt16 = 0
        for index in 0...Int(bytes[start]) { peak = max(peak, code(index, in: bytes, at: start)) }
        return peak
    }

    /// Whether one firing of a window replaces another of the same window: the larger peak does, and at equal peaks the
    /// lexicographically smaller activations, so that the order in which they were seen leaves no trace.
    static func replaces(_ new: [UInt8], at newStart: Int, _ old: [UInt8], at oldStart: Int) -> Bool {
        let newPeak = peak(in: new, at: newStart)
        let oldPeak = peak(in: old, at: oldStart)
        guard newPeak == oldPeak else { return newPeak > oldPeak }
        let newCount = Int(new[newStart]) + 1
        let oldCount = Int(old[oldStart]) + 1
        for index in 0..<min(newCount, oldCount) {
            let newPosition = new[newStart + 1 + 3 * index]
            let oldPosition = old[oldStart + 1 + 3 * index]
            // The one that fires earlier has an activation where the other has a zero.
            if newPosition != oldPosition { return newPosition > oldPosition }
            let newCode = code(index, in: new, at: newStart)
            let oldCode = code(index, in: old, at: oldStart)
            if newCode != oldCode { return newCode < oldCode }
        }
        return newCount < oldCount
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
