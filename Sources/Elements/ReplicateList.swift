/// One number on each of `ScoreReplicates.count` resamples, in 8 bits each.
struct ReplicateList: Sendable, Hashable, Codable {
    private static let missing = UInt8.max
    /// The largest code of a value.
    private static let largest = 254.0
    /// The least value and the step, four bytes each, then a byte for each replicate.
    static let byteCount = 8 + ScoreReplicates.count

    private let least: Float
    private let step: Float
    private let codes: [UInt8]

    /// Rounds numbers, of which `nil` and what is not finite have no value; `nil` for another number of them, or for some
    /// that are too large.
    init?(_ values: [Double?]) {
        guard values.count == ScoreReplicates.count else { return nil }
        let known = values.compactMap(\.self).filter(\.isFinite)
        let least = Float(known.min() ?? 0)
        let step = Float(((known.max() ?? 0) - (known.min() ?? 0)) / Self.largest)
        guard least.isFinite, step.isFinite else { return nil }
        codes = values.map { value in
            guard let value, value.isFinite else { return Self.missing }
            guard step > 0 else { return 0 }
            return UInt8(min(Self.largest, max(0, ((value - Double(least)) / Double(step)).rounded())))
        }
        (self.least, self.step) = (least, step)
    }

    /// `[ScoreReplicates.count]`: what was given, rounded.
    var values: [Double?] {
        codes.map { $0 == Self.missing ? nil : Double(least) + Double($0) * Double(step) }
    }

    /// Writes what `values` gives, `own` where there is no value.
    func read(or own: Double, into places: inout [Double]) {
        let (least, step) = (Double(least), Double(step))
        codes.withUnsafeBufferPointer { codes in
            for index in 0..<min(codes.count, places.count) {
                places[index] = codes[index] == Self.missing ? own : least + Double(codes[index]) * step
            }
        }
    }

    var bytes: [UInt8] {
        [least, step].flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
        } + codes
    }

    /// Reads what `bytes` gives; `nil` for anything else.
    init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        func number(_ place: Int) -> Float {
            let bits = bytes.dropFirst(place).prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return Float(bitPattern: bits)
        }
        (least, step) = (number(0), number(4))
        guard least.isFinite, step.isFinite, step >= 0 else { return nil }
        codes = Array(bytes.dropFirst(8))
    }
}
